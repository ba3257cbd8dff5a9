// What C++ code without exceptions needs of its runtime library: uchardet is the only such code.
#include <stddef.h>
extern "C" {
void *malloc(size_t);
void free(void *);
[[noreturn]] void abort(void);
[[noreturn]] void __cxa_pure_virtual()
{
    abort();
}
}

void *operator new(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}
void *operator new[](size_t size)
{
    return operator new(size);
}
void operator delete(void *memory) noexcept
{
    free(memory);
}
void operator delete(void *memory, size_t) noexcept
{
    free(memory);
}
void operator delete[](void *memory) noexcept
{
    free(memory);
}
void operator delete[](void *memory, size_t) noexcept
{
    free(memory);
}
