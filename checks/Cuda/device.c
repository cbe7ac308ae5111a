// The one device, its context, streams and events. All work is done where it is asked for, so that nothing is ever waited for.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "driver.h"
#include "finding.h"

// An A100's limits where a program can see them: PTX for sm_80 is what the check reads as machine code, too.
enum {
  DRIVER_VERSION = 12040,
  THREADS_PER_GROUP = 1024,
  THREADS_PER_MULTIPROCESSOR = 2048,
  GROUPS_PER_MULTIPROCESSOR = 32,
  MULTIPROCESSORS = 2,
};

EXPORT cuInit(unsigned flags) {
  (void)flags;
  return CUDA_SUCCESS;
}

EXPORT cuDriverGetVersion(int *version) {
  *version = DRIVER_VERSION;
  return CUDA_SUCCESS;
}

EXPORT cuDeviceGetCount(int *count) {
  *count = 1;
  return CUDA_SUCCESS;
}

EXPORT cuDeviceGet(CUdevice *device, int index) {
  *device = index;
  return index == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

EXPORT cuDeviceGetName(char *name, int length, CUdevice device) {
  (void)device;
  // Nobody is to take it for a GPU.
  snprintf(name, (size_t)length, "CUDA emulated on the CPU");
  return CUDA_SUCCESS;
}

EXPORT cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
  (void)device;
  *bytes = memory_total();
  return CUDA_SUCCESS;
}

EXPORT cuMemGetInfo_v2(size_t *free, size_t *total) {
  *free = memory_free();
  *total = memory_total();
  return CUDA_SUCCESS;
}

EXPORT cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
  (void)device;
  static const struct {
    int attribute, value;
  } attributes[] = {
      {1, THREADS_PER_GROUP},
      {2, THREADS_PER_GROUP},  // along x, y and z
      {3, THREADS_PER_GROUP},
      {4, 64},
      {5, INT32_MAX},  // groups along x, y and z
      {6, 65535},
      {7, 65535},
      {8, 49152},    // bytes of shared memory of a group
      {9, 65536},    // of constant memory
      {10, 32},      // items of a warp
      {11, INT32_MAX},  // bytes of a row of a copy
      {12, 65536},      // registers of a group
      {13, 1410000},    // clock, kHz
      {16, MULTIPROCESSORS},
      {36, 1215000},   // clock of the memory, kHz
      {37, 5120},      // bits of its bus
      {38, 41943040},  // bytes of the L2 cache
      {39, THREADS_PER_MULTIPROCESSOR},
      {40, 2},    // engines that copy
      {41, 1},    // host and device share addresses
      {75, 8},    // compute capability, 8.0
      {76, 0},
      {81, 167936},  // bytes of shared memory of a multiprocessor
      {82, 65536},   // registers of a multiprocessor
  };
  *value = 0;
  for (size_t n = 0; n < sizeof attributes / sizeof *attributes; n++)
    if (attributes[n].attribute == attribute) *value = attributes[n].value;
  return CUDA_SUCCESS;
}

EXPORT cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
  (void)device, (void)peer;
  *can = 0;
  return CUDA_SUCCESS;
}

EXPORT cuDeviceGetP2PAttribute(int *value, int attribute, CUdevice source, CUdevice target) {
  (void)attribute, (void)source, (void)target;
  *value = 0;
  return CUDA_SUCCESS;
}

EXPORT cuCtxEnablePeerAccess(CUcontext context, unsigned flags) {
  (void)context, (void)flags;
  return CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;
}

EXPORT cuCtxDisablePeerAccess(CUcontext context) {
  (void)context;
  return CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;
}

// A handle is the address of something of its own; contexts and streams have nothing to remember.
static CUresult handle(void **value) {
  *value = malloc(1);
  return *value ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

static CUresult forget(void *value) {
  free(value);
  return CUDA_SUCCESS;
}

EXPORT cuCtxCreate_v2(CUcontext *context, unsigned flags, CUdevice device) {
  (void)flags, (void)device;
  return handle(context);
}

EXPORT cuCtxDestroy_v2(CUcontext context) { return forget(context); }

EXPORT cuCtxSetCurrent(CUcontext context) {
  (void)context;
  return CUDA_SUCCESS;
}

EXPORT cuCtxSynchronize(void) { return CUDA_SUCCESS; }

EXPORT cuCtxGetCacheConfig(int *config) {
  *config = 0;
  return CUDA_SUCCESS;
}

EXPORT cuCtxSetCacheConfig(int config) {
  (void)config;
  return CUDA_SUCCESS;
}

EXPORT cuCtxGetSharedMemConfig(int *config) {
  *config = 0;
  return CUDA_SUCCESS;
}

EXPORT cuCtxSetSharedMemConfig(int config) {
  (void)config;
  return CUDA_SUCCESS;
}

EXPORT cuStreamCreate(CUstream *stream, unsigned flags) {
  (void)flags;
  return handle(stream);
}

EXPORT cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
  (void)flags, (void)priority;
  return handle(stream);
}

EXPORT cuStreamDestroy_v2(CUstream stream) { return forget(stream); }

EXPORT cuStreamSynchronize(CUstream stream) {
  (void)stream;
  return CUDA_SUCCESS;
}

// An event is the time at which it was recorded.
EXPORT cuEventCreate(CUevent *event, unsigned flags) {
  (void)flags;
  *event = calloc(1, sizeof(struct timespec));
  return *event ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT cuEventDestroy_v2(CUevent event) { return forget(event); }

EXPORT cuEventRecord(CUevent event, CUstream stream) {
  (void)stream;
  clock_gettime(CLOCK_MONOTONIC, event);
  return CUDA_SUCCESS;
}

EXPORT cuEventQuery(CUevent event) {
  (void)event;
  return CUDA_SUCCESS;
}

EXPORT cuEventSynchronize(CUevent event) {
  (void)event;
  return CUDA_SUCCESS;
}

EXPORT cuEventElapsedTime(float *milliseconds, CUevent first, CUevent last) {
  const struct timespec *from = first, *to = last;
  *milliseconds = (float)((double)(to->tv_sec - from->tv_sec) * 1e3 + (double)(to->tv_nsec - from->tv_nsec) / 1e6);
  return CUDA_SUCCESS;
}

static int occupancy(int group_size) {
  int groups = group_size > 0 ? THREADS_PER_MULTIPROCESSOR / group_size : 0;
  return groups < GROUPS_PER_MULTIPROCESSOR ? groups : GROUPS_PER_MULTIPROCESSOR;
}

EXPORT cuOccupancyMaxActiveBlocksPerMultiprocessor(int *groups, CUfunction function, int group_size, size_t shared) {
  (void)function, (void)shared;
  *groups = occupancy(group_size);
  return CUDA_SUCCESS;
}

EXPORT cuOccupancyMaxPotentialBlockSize(int *groups, int *group_size, CUfunction function, void *shared_of_size,
                                        size_t shared, int limit) {
  (void)function, (void)shared_of_size, (void)shared;
  *group_size = limit > 0 && limit < THREADS_PER_GROUP ? limit : THREADS_PER_GROUP;
  *groups = MULTIPROCESSORS * occupancy(*group_size);
  return CUDA_SUCCESS;
}

EXPORT cuGetErrorString(CUresult error, const char **text) {
  const struct {
    CUresult error;
    const char *text;
  } errors[] = {
      {CUDA_SUCCESS, "no error"},
      {CUDA_ERROR_INVALID_VALUE, "invalid argument"},
      {CUDA_ERROR_OUT_OF_MEMORY, "out of memory"},
      {CUDA_ERROR_INVALID_DEVICE, "invalid device ordinal"},
      {CUDA_ERROR_INVALID_PTX, last_finding()},
      {CUDA_ERROR_NOT_FOUND, "named symbol not found"},
      {CUDA_ERROR_ILLEGAL_ADDRESS, last_finding()},
      {CUDA_ERROR_PEER_ACCESS_UNSUPPORTED, "peer access is not supported between these two devices"},
      {CUDA_ERROR_NOT_SUPPORTED, "operation not supported"},
  };
  *text = NULL;
  for (size_t n = 0; n < sizeof errors / sizeof *errors; n++)
    if (errors[n].error == error) *text = errors[n].text;
  return *text ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
