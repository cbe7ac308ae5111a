using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Errors;

/// <summary>What a driver's failure is called; the messages of ILGPU's exceptions often leave the error code out.</summary>
internal static class DriverErrors
{
    /// <summary>The most specific description of a failure, to be put in brackets.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        // A library that cannot be loaded surfaces as the failed initialisation of ILGPU's class for it.
        TypeInitializationException { InnerException: { } cause } => Describe(cause),
        CLException { Error: not CLError.CL_SUCCESS } openCl => Describe(openCl.Error),
        CudaException { Error: { Length: > 0 } error } => error,
        _ => failure.Message,
    };

    /// <summary>Whether a driver failed because memory did not suffice.</summary>
    public static bool IsOutOfMemory(Exception failure) => failure switch
    {
        CudaException cuda => cuda.Error == $"{CudaError.CUDA_ERROR_OUT_OF_MEMORY}",
        CLException openCl => openCl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE or CLError.CL_OUT_OF_RESOURCES,
        _ => false,
    };

    /// <summary>The name of an OpenCL error, or its number where ILGPU has no name for it.</summary>
    public static string Describe(CLError error) => Enum.IsDefined(error) ? $"{error}" : $"OpenCL error {(int)error}";

    /// <summary>The name of a CUDA error, or its number where ILGPU has no name for it.</summary>
    public static string Describe(CudaError error) => Enum.IsDefined(error) ? $"{error}" : $"CUDA error {(int)error}";
}
