// Memory, modules and launches.
#include "driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finding.h"

EXPORT cuMemAlloc_v2(CUdeviceptr *address, size_t size) {
  *address = memory_take(size);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT cuMemFree_v2(CUdeviceptr address) {
  // ILGPU frees buffers without elements, which have none.
  if (address == 0 || memory_give_back(address)) return CUDA_SUCCESS;
  tell_host("freed what is no allocation, or no more: 0x%llx", (unsigned long long)address);
  return CUDA_ERROR_INVALID_VALUE;
}

EXPORT cuMemAllocHost_v2(void **memory, size_t size) {
  *memory = malloc(size ? size : 1);
  return *memory ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT cuMemFreeHost(void *memory) {
  free(memory);
  return CUDA_SUCCESS;
}

EXPORT cuMemHostRegister_v2(void *memory, size_t size, unsigned flags) {
  (void)memory, (void)size, (void)flags;
  return CUDA_SUCCESS;
}

EXPORT cuMemHostUnregister(void *memory) {
  (void)memory;
  return CUDA_SUCCESS;
}

// Kernels do not see the host's memory: a pointer to it is out of bounds for them.
EXPORT cuMemHostGetDevicePointer_v2(CUdeviceptr *address, void *memory, unsigned flags) {
  (void)flags;
  *address = (CUdeviceptr)memory;
  return CUDA_SUCCESS;
}

EXPORT cuPointerGetAttribute(void *value, int attribute, CUdeviceptr address) {
  (void)value, (void)attribute, (void)address;
  return CUDA_ERROR_NOT_SUPPORTED;
}

// The host's place of an address, which may be one of the host's; null, and a finding, where the device's has no such range.
static uint8_t *place(uint64_t address, size_t size, const char *what) {
  const Space *space = global_memory();
  if (!memory_has(address)) return (uint8_t *)address;
  if (memory_has_range(address, size)) return space->bytes + (address - space->base);
  tell_host("out of bounds: the host %s %zu bytes at 0x%llx, where no allocation has them", what, size,
            (unsigned long long)address);
  return NULL;
}

EXPORT cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t size, CUstream stream) {
  (void)stream;
  const Space *space = global_memory();
  uint8_t *target = place(to, size, "writes"), *source = place(from, size, "reads");
  if (!target || !source) return size == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
  memmove(target, source, size);
  if (!memory_has(to)) return CUDA_SUCCESS;
  uint8_t *states = space->states + (to - space->base);
  if (memory_has(from)) memmove(states, space->states + (from - space->base), size);
  else memset(states, WRITTEN, size);
  return CUDA_SUCCESS;
}

EXPORT cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t size, CUstream stream) {
  (void)stream;
  const Space *space = global_memory();
  uint8_t *target = place(to, size, "sets");
  if (!target || !memory_has(to)) return CUDA_ERROR_INVALID_VALUE;
  memset(target, value, size);
  memset(space->states + (to - space->base), WRITTEN, size);
  return CUDA_SUCCESS;
}

EXPORT cuModuleLoadDataEx(CUmodule *module, const char *text, unsigned count, int *options, void **values) {
  (void)count, (void)options, (void)values;
  char problem[300];
  *module = module_read(text, problem, sizeof problem);
  if (*module) return CUDA_SUCCESS;
  tell_host("%s", problem);
  return CUDA_ERROR_INVALID_PTX;
}

EXPORT cuModuleLoadData(CUmodule *module, const char *text) { return cuModuleLoadDataEx(module, text, 0, NULL, NULL); }

EXPORT cuModuleUnload(CUmodule module) {
  module_free(module);
  return CUDA_SUCCESS;
}

// A function is a kernel with its module, which has the text.
typedef struct {
  const Module *module;
  const Kernel *kernel;
} Function;

EXPORT cuModuleGetFunction(CUfunction *function, CUmodule handle, const char *name) {
  const Module *module = handle;
  for (uint32_t n = 0; n < module->count; n++) {
    if (strcmp(module->kernels[n].name, name) != 0) continue;
    Function *found = malloc(sizeof *found);  // ILGPU asks once for each module, and cuda.h has no function to give it back.
    if (!found) return CUDA_ERROR_OUT_OF_MEMORY;
    *found = (Function){module, &module->kernels[n]};
    *function = found;
    return CUDA_SUCCESS;
  }
  return CUDA_ERROR_NOT_FOUND;
}

// Gathers what a kernel gets: from a pointer for each parameter, or from one buffer. Null where it is not given.
static uint8_t *gather(const Kernel *kernel, void **parameters, void **extra) {
  enum { END, BUFFER, SIZE };
  uint8_t *bytes = calloc(1, kernel->parameter_bytes + 1);
  for (uint32_t n = 0; bytes && parameters && n < kernel->parameter_count; n++)
    memcpy(bytes + kernel->parameters[n].offset, parameters[n], kernel->parameters[n].size);
  if (parameters || kernel->parameter_bytes == 0 || !bytes) return bytes;
  const void *buffer = NULL;
  size_t size = 0;
  for (int n = 0; extra && (uintptr_t)extra[n] != END; n += 2) {
    if ((uintptr_t)extra[n] == BUFFER) buffer = extra[n + 1];
    if ((uintptr_t)extra[n] == SIZE) size = *(const size_t *)extra[n + 1];
  }
  if (buffer && size >= kernel->parameter_bytes) return memcpy(bytes, buffer, kernel->parameter_bytes);
  tell_host("%s: it has %u bytes of parameters, and was launched with %zu", kernel->name, kernel->parameter_bytes, size);
  free(bytes);
  return NULL;
}

EXPORT cuLaunchKernel(CUfunction handle, unsigned groups_x, unsigned groups_y, unsigned groups_z, unsigned size_x,
                      unsigned size_y, unsigned size_z, unsigned shared, CUstream stream, void **parameters, void **extra) {
  (void)stream;
  const Function *function = handle;
  const Kernel *kernel = function->kernel;
  const uint32_t groups[3] = {groups_x, groups_y, groups_z}, size[3] = {size_x, size_y, size_z};
  uint64_t lanes = (uint64_t)size_x * size_y * size_z;
  bool fits = lanes > 0 && lanes <= MOST_LANES && shared == 0 && groups_x > 0 && groups_y > 0 && groups_z > 0;
  for (int axis = 0; axis < 3; axis++) fits = fits && (!kernel->most_lanes[0] || size[axis] <= kernel->most_lanes[axis]);
  if (!fits) {
    tell_host("%s: launched with %u x %u x %u groups of %u x %u x %u items and %u bytes of dynamic shared memory, which it does "
              "not take", kernel->name, groups_x, groups_y, groups_z, size_x, size_y, size_z, shared);
    return CUDA_ERROR_INVALID_VALUE;
  }
  uint8_t *bytes = gather(kernel, parameters, extra);
  if (!bytes) return CUDA_ERROR_INVALID_VALUE;
  bool is_fine = launch_run(function->module, kernel, groups, size, bytes);
  free(bytes);
  return is_fine ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_ADDRESS;
}
