using System.Runtime.Intrinsics;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>The vectors of the processor, as the run-time's settings (DOTNET_EnableAVX512, …) leave them.</summary>
internal static class ProcessorVectors
{
    /// <summary>Bits of the widest that it computes with.</summary>
    public static int Bits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
