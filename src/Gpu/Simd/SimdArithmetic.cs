using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// What decides the rounding of the SIMD bodies, besides themselves: how many partial sums a vector holds, and whether a
/// product is rounded before it is added. The processor decides both, and the run-time's settings (DOTNET_EnableAVX512, …).
/// All else that the bodies use is rounded the same by every processor; exp and log are made of it.
/// </summary>
internal static class SimdArithmetic
{
    // Its square is 1 + 2⁻¹¹ + 2⁻²⁴, of which float32 keeps the first two terms.
    private const float Base = 1 + 1f / 4096;
    private const float RoundedSquare = 1 + 1f / 2048;

    /// <summary>Both in words, equal where the bits of results are.</summary>
    public static string Text { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{ProcessorVectors.Bits}-bit vectors, {(DifferenceOfSquare(Base, RoundedSquare) != 0 ? "fused" : "separate")} " +
            $"multiply-add");

    /// <summary>x² − y; not inlined, so that the processor computes it and not the compiler.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float DifferenceOfSquare(float x, float y) =>
        Simd128.MultiplyAdd(Vector128.Create(x), Vector128.Create(x), Vector128.Create(-y))[0];
}
