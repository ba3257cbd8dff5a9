"""Reads a workbook with openpyxl, read-only."""
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], read_only=True)
print(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)))
