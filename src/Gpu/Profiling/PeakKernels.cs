using ILGPU;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>
/// Kernels that keep one resource of a device busy and do nothing else. No part of training, so not in the catalogue.
/// </summary>
internal static class PeakKernels
{
    /// <summary>What the multiply-adds are given.</summary>
    /// <param name="Values">[work-items]</param>
    /// <param name="Half">½</param>
    /// <param name="Iterations">Rounds of the loop.</param>
    public readonly record struct MultiplyAddArguments(ArrayView<Float4> Values, float Half, int Iterations);

    /// <summary>Fused multiply-adds in registers; O is the number of rounds, I that of work-items.</summary>
    public static readonly Kernel<MultiplyAddArguments> MultiplyAdd = new(MultiplyAddKernel)
    {
        Name = "peak-multiply-add",
        Operation = "x = x/2 + 1/2 in 32 independent chains",
        Flop = $"{FlopPerRound} O I",
        Bytes = "32 I",
    };

    /// <summary>What the copy is given.</summary>
    /// <param name="Source">[groups · work-items · <see cref="CopiesPerItem"/>]</param>
    /// <param name="Target">As long.</param>
    /// <param name="WorkItems">Their number.</param>
    public readonly record struct CopyArguments(ArrayView<Float4> Source, ArrayView<Float4> Target, int WorkItems);

    /// <summary>Copies I bytes, 128 bits at a time.</summary>
    public static readonly Kernel<CopyArguments> Copy = new(CopyKernel)
    {
        Name = "peak-copy",
        Operation = "y = x",
        Flop = "0",
        Bytes = "2 I",
    };

    /// <summary>Groups of four floats that a work-item copies.</summary>
    public const int CopiesPerItem = 4;

    private const int Unroll = 4, Chains = 32, FlopPerRound = 2 * Unroll * Chains;

    private static void MultiplyAddKernel(MultiplyAddArguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        // The chains begin differently, so that no compiler takes them for one; all come to 1.
        Float4 start = p.Values[n], next = Float4.MultiplyAdd(p.Half, start, default);
        var chains = new Accumulators
        {
            R0 = start,
            R1 = next,
            R2 = start + next,
            R3 = start - next,
            R4 = start * next,
            R5 = start * start,
            R6 = next * next,
            R7 = Float4.MultiplyAdd(next, next, next),
        };
        for (int i = 0; i < p.Iterations; i++)
        {
            Round(ref chains, p.Half);
            Round(ref chains, p.Half);
            Round(ref chains, p.Half);
            Round(ref chains, p.Half);
        }
        p.Values[n] = chains.R0 + chains.R1 + chains.R2 + chains.R3 + chains.R4 + chains.R5 + chains.R6 + chains.R7;
    }

    private static void Round(ref Accumulators chains, float half)
    {
        var halves = new Float4(half, half, half, half);
        chains.R0 = Float4.MultiplyAdd(half, chains.R0, halves);
        chains.R1 = Float4.MultiplyAdd(half, chains.R1, halves);
        chains.R2 = Float4.MultiplyAdd(half, chains.R2, halves);
        chains.R3 = Float4.MultiplyAdd(half, chains.R3, halves);
        chains.R4 = Float4.MultiplyAdd(half, chains.R4, halves);
        chains.R5 = Float4.MultiplyAdd(half, chains.R5, halves);
        chains.R6 = Float4.MultiplyAdd(half, chains.R6, halves);
        chains.R7 = Float4.MultiplyAdd(half, chains.R7, halves);
    }

    private static void CopyKernel(CopyArguments p)
    {
        int n = Grid.IdxX * Tiles.GroupSize + Group.IdxX;
        Float4 a = p.Source[n], b = p.Source[n + p.WorkItems], c = p.Source[n + 2 * p.WorkItems],
            d = p.Source[n + 3 * p.WorkItems];
        p.Target[n] = a;
        p.Target[n + p.WorkItems] = b;
        p.Target[n + 2 * p.WorkItems] = c;
        p.Target[n + 3 * p.WorkItems] = d;
    }
}
