/* mapping/dates.h: days, as cells write them: ISO 8601 (2024-06-01, 20240601, perhaps with a time),
 * with the name of the month (01-Jun-2024), or day, month and year in the one order that fits a
 * whole column. */
#ifndef MAPPING_DATES_H
#define MAPPING_DATES_H

#include <stdbool.h>

#include "orgvet/base.h"

/* The orders in which a cell other than ISO can be read; or-ed. */
enum ov_date_order {
    OV_DATE_DMY = 1, /* 31/12/2024, 31.12.2024 */
    OV_DATE_MDY = 2, /* 12/31/2024 */
    OV_DATE_YMD = 4, /* 2024/12/31 */
    OV_DATE_ANY = 7
};

/* The orders of `orders` in which a cell is a day; ISO and names of months are one in every order.
 * 0: it is not a day. */
unsigned ov_date_orders(struct ov_text cell, unsigned orders);

/* The day as a number that is greater for later days; 0: it is not a day in this one order, nor
 * ISO. */
int ov_date_parse(struct ov_text cell, enum ov_date_order order);

#endif
