using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace IlgpuDistance.Gpu.Devices;

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

    /// <summary>The name of an OpenCL error, or its number where ILGPU has no name for it.</summary>
    public static string Describe(CLError error) => Enum.IsDefined(error) ? $"{error}" : $"OpenCL error {(int)error}";

    /// <summary>The name of a CUDA error, or its number where ILGPU has no name for it.</summary>
    public static string Describe(CudaError error) => Enum.IsDefined(error) ? $"{error}" : $"CUDA error {(int)error}";
}
