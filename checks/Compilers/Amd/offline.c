/* Has AMD's OpenCL driver compile a program for a GPU that is not there:
 *   offline DEVICE SOURCE BINARY OPTIONS
 *   offline --version
 * The driver lists all GPUs that it knows in a context with the property CL_CONTEXT_OFFLINE_DEVICES_AMD. Only what is used of
 * OpenCL is declared here, so that no headers are needed. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT_PLATFORM = 0x1084, CONTEXT_OFFLINE_DEVICES_AMD = 0x403F, CONTEXT_DEVICES = 0x1081, DEVICE_NAME = 0x102B,
       PROGRAM_BUILD_LOG = 0x1183, PROGRAM_BINARY_SIZES = 0x1165, PROGRAM_BINARIES = 0x1166,
       PLATFORM_VERSION = 0x0901 };

static void *library;

static void fail(const char *what, int code)
{
    fprintf(stderr, "%s: error %d\n", what, code);
    exit(1);
}

static void *function(const char *name)
{
    void *found = dlsym(library, name);
    if (!found)
        fail(name, 0);
    return found;
}

int main(int count, char **arguments)
{
    int version = count == 2 && !strcmp(arguments[1], "--version");
    if (count != 5 && !version)
        fail("usage: offline DEVICE SOURCE BINARY OPTIONS", count);
    library = dlopen("libamdocl64.so", RTLD_NOW);
    if (!library)
        fail(dlerror(), 0);
    int (*platforms)(unsigned, void **, unsigned *) = function("clGetPlatformIDs");
    int (*platform_info)(void *, unsigned, size_t, void *, size_t *) = function("clGetPlatformInfo");
    void *(*create_context)(intptr_t *, uint64_t, void *, void *, int *) = function("clCreateContextFromType");
    int (*context_info)(void *, unsigned, size_t, void *, size_t *) = function("clGetContextInfo");
    int (*device_info)(void *, unsigned, size_t, void *, size_t *) = function("clGetDeviceInfo");
    void *(*create_program)(void *, unsigned, const char **, size_t *, int *) = function("clCreateProgramWithSource");
    int (*build)(void *, unsigned, void **, const char *, void *, void *) = function("clBuildProgram");
    int (*build_info)(void *, void *, unsigned, size_t, void *, size_t *) = function("clGetProgramBuildInfo");
    int (*program_info)(void *, unsigned, size_t, void *, size_t *) = function("clGetProgramInfo");

    void *platform;
    int error = platforms(1, &platform, NULL);
    if (error)
        fail("clGetPlatformIDs", error);
    if (version)
    {
        char text[256] = "";
        platform_info(platform, PLATFORM_VERSION, sizeof text - 1, text, NULL);
        puts(text);
        return 0;
    }
    intptr_t properties[] = { CONTEXT_PLATFORM, (intptr_t)platform, CONTEXT_OFFLINE_DEVICES_AMD, 1, 0 };
    void *context = create_context(properties, 0xFFFFFFFF, NULL, NULL, &error);
    if (!context)
        fail("clCreateContextFromType", error);
    size_t size = 0;
    context_info(context, CONTEXT_DEVICES, 0, NULL, &size);
    size_t devices = size / sizeof(void *), chosen = devices;
    void **device = malloc(size);
    context_info(context, CONTEXT_DEVICES, size, device, NULL);
    for (size_t i = 0; i < devices && chosen == devices; i++)
    {
        char name[256] = "";
        device_info(device[i], DEVICE_NAME, sizeof name, name, NULL);
        if (!strcmp(name, arguments[1]))
            chosen = i;
    }
    if (chosen == devices)
        fail("the driver does not know the device", 0);

    FILE *file = fopen(arguments[2], "rb");
    if (!file)
        fail(arguments[2], 0);
    fseek(file, 0, SEEK_END);
    size_t length = ftell(file);
    rewind(file);
    char *text = malloc(length);
    if (fread(text, 1, length, file) != length)
        fail(arguments[2], 0);
    const char *source = text;
    void *program = create_program(context, 1, &source, &length, &error);
    error = build(program, 1, &device[chosen], arguments[4], NULL, NULL);
    if (error)
    {
        char log[4096] = "";
        build_info(program, device[chosen], PROGRAM_BUILD_LOG, sizeof log - 1, log, NULL);
        fail(log, error);
    }
    size_t *sizes = calloc(devices, sizeof *sizes);
    unsigned char **binaries = calloc(devices, sizeof *binaries);
    program_info(program, PROGRAM_BINARY_SIZES, devices * sizeof *sizes, sizes, NULL);
    for (size_t i = 0; i < devices; i++)
        binaries[i] = sizes[i] ? malloc(sizes[i]) : NULL;
    program_info(program, PROGRAM_BINARIES, devices * sizeof *binaries, binaries, NULL);
    for (size_t i = 0; i < devices; i++)
    {
        if (sizes[i])
        {
            FILE *out = fopen(arguments[3], "wb");
            if (!out || fwrite(binaries[i], 1, sizes[i], out) != sizes[i] || fclose(out))
                fail(arguments[3], 0);
        }
    }
    return 0;
}
