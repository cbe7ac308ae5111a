using System.Runtime.Intrinsics;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Loops that keep one resource of a core busy and do nothing else.</summary>
internal abstract class PeakLoops
{
    /// <summary>Floating-point operations in an iteration of <see cref="MultiplyAdd"/>.</summary>
    public abstract int FlopsPerIteration { get; }

    /// <summary>Width of the vectors in bits.</summary>
    public abstract int VectorBits { get; }

    /// <summary>The loops for the widest vectors that the processor computes with, as the SIMD executor chooses them.</summary>
    public static PeakLoops Create() =>
        Vector512.IsHardwareAccelerated ? new PeakLoops<Simd512, Vector512<float>>()
        : Vector256.IsHardwareAccelerated ? new PeakLoops<Simd256, Vector256<float>>()
        : new PeakLoops<Simd128, Vector128<float>>();

    /// <summary>Fused multiply-adds in registers.</summary>
    public abstract void MultiplyAdd(int iterations);

    /// <summary>Reads the buffer so many times from its beginning to its end.</summary>
    public abstract void Read(Memory<float> buffer, int passes);
}

/// <inheritdoc/>
internal sealed unsafe class PeakLoops<TSimd, TVector> : PeakLoops
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Independent sums that hide the latency of an addition (4 cycles, two per cycle) and fit into 16 registers.
    private const int Sums = 12;

    // Where results go, so that the loops are not dead code.
    private static float _result;

    public override int FlopsPerIteration => 2 * Sums * TSimd.Count;

    public override int VectorBits => 32 * TSimd.Count;

    public override void MultiplyAdd(int iterations)
    {
        // Every sum stays 1 = 1 · ½ + ½: no overflow, no denormal numbers.
        TVector half = TSimd.Create(0.5f);
        TVector a = TSimd.Create(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        for (; iterations > 0; iterations--)
        {
            a = TSimd.MultiplyAdd(a, half, half);
            b = TSimd.MultiplyAdd(b, half, half);
            c = TSimd.MultiplyAdd(c, half, half);
            d = TSimd.MultiplyAdd(d, half, half);
            e = TSimd.MultiplyAdd(e, half, half);
            f = TSimd.MultiplyAdd(f, half, half);
            g = TSimd.MultiplyAdd(g, half, half);
            h = TSimd.MultiplyAdd(h, half, half);
            i = TSimd.MultiplyAdd(i, half, half);
            j = TSimd.MultiplyAdd(j, half, half);
            k = TSimd.MultiplyAdd(k, half, half);
            l = TSimd.MultiplyAdd(l, half, half);
        }
        Keep(a, b, c, d);
        Keep(e, f, g, h);
        Keep(i, j, k, l);
    }

    public override void Read(Memory<float> buffer, int passes)
    {
        using var pin = buffer.Pin();
        float* start = (float*)pin.Pointer, end = start + buffer.Length;
        TVector a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (; passes > 0; passes--)
        {
            for (float* p = start; p < end; p += 8 * TSimd.Count)
            {
                a = TSimd.Add(a, TSimd.Load(p));
                b = TSimd.Add(b, TSimd.Load(p + TSimd.Count));
                c = TSimd.Add(c, TSimd.Load(p + 2 * TSimd.Count));
                d = TSimd.Add(d, TSimd.Load(p + 3 * TSimd.Count));
                e = TSimd.Add(e, TSimd.Load(p + 4 * TSimd.Count));
                f = TSimd.Add(f, TSimd.Load(p + 5 * TSimd.Count));
                g = TSimd.Add(g, TSimd.Load(p + 6 * TSimd.Count));
                h = TSimd.Add(h, TSimd.Load(p + 7 * TSimd.Count));
            }
        }
        Keep(a, b, c, d);
        Keep(e, f, g, h);
    }

    private static void Keep(TVector a, TVector b, TVector c, TVector d) =>
        Volatile.Write(ref _result, TSimd.Sum(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d))));
}
