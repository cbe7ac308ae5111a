using System.Runtime.CompilerServices;
using ILGPU;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>What all tiled kernels have in common.</summary>
internal static class Tiles
{
    /// <summary>Work-items in a group: two warps of NVIDIA's, one wavefront of AMD's.</summary>
    public const int GroupSize = 64;

    /// <summary>Terms of a sum for which operands are in shared memory at the same time.</summary>
    public const int Depth = NetworkPlan.TileDepth;

    /// <summary>Depths in one round of the innermost loop, unrolled by hand: ILGPU leaves loops rolled.</summary>
    public const int Unroll = 4;

    /// <summary>Groups of four floats from one depth to the next in shared memory: one more than needed, so that the
    /// transposing stores of neighbouring work-items go to different banks.</summary>
    public static int Stride4(int log2Width4) => (1 << log2Width4) + 1;

    /// <summary>
    /// Shared memory for a tile of an operand, in groups of four floats. It is allocated as such, not as floats, so that it is
    /// aligned for loads of 128 bits on every device.
    /// </summary>
    public static int Length4(int log2Width4) => Depth * Stride4(log2Width4);

    /// <summary>The same in bytes.</summary>
    public static int Bytes(int log2Width4) => 4 * sizeof(float) * Length4(log2Width4);

    /// <summary>A length rounded up to whole depths.</summary>
    public static int RoundUp(int length) => NetworkPlan.RoundUp(length, Depth);

    /// <summary>Groups for which one work-item each does one of a number of things.</summary>
    public static int Groups(int count) => (count + GroupSize - 1) / GroupSize;

    /// <summary>The number of tiles of a width that cover a length.</summary>
    public static int Across(int length, int log2Width4) => (length + (4 << log2Width4) - 1) >> (log2Width4 + 2);
}

/// <summary>
/// The part of C = A B that a group computes, and within it the registers of one work-item: 8 rows (4 at the top of the
/// tile, 4 in its lower half) of 4 or 2 × 4 columns.
/// </summary>
internal interface ITile
{
    /// <summary>What stands in the names of kernels that use it.</summary>
    string Name { get; }

    /// <summary>Binary logarithm of the tile's rows divided by 4.</summary>
    int Log2Rows4 { get; }

    /// <summary>Binary logarithm of the tile's columns divided by 4.</summary>
    int Log2Columns4 { get; }

    /// <summary>Adds the products of <see cref="Tiles.Unroll"/> depths.</summary>
    /// <param name="a">A's tile in shared memory: [Depth, rows + 4].</param>
    /// <param name="b">B's tile in shared memory: [Depth, columns + 4].</param>
    /// <param name="depth">The first of the depths.</param>
    /// <param name="thread">The work-item.</param>
    void MultiplyAdd(ArrayView<Float4> a, ArrayView<Float4> b, int depth, int thread);

    /// <summary>Hands the results on, four columns of one row at a time.</summary>
    /// <param name="target">Takes them.</param>
    /// <param name="row">The tile's first row.</param>
    /// <param name="column4">The tile's first column divided by 4.</param>
    /// <param name="slice">Which part of the depth was added up.</param>
    /// <param name="thread">The work-item.</param>
    void Store<TTarget>(TTarget target, int row, int column4, int slice, int thread) where TTarget : struct, ITarget;
}

/// <summary>What becomes of the results of a product.</summary>
internal interface ITarget
{
    /// <summary>Takes four columns of one row.</summary>
    void Store(int row, int column4, int slice, Float4 value);
}

/// <summary>A target that may also want the sums of B's columns over the depth: a weight's gradient, for the bias.</summary>
internal interface IProductTarget : ITarget
{
    /// <summary>Whether it wants the sums; the same for all work-items.</summary>
    bool SumsColumns { get; }

    /// <summary>Takes the sums of four columns.</summary>
    void StoreColumnSums(int column4, int slice, Float4 sums);
}

/// <summary>64 × 64, for matrices whose rows are 64 floats or more: 8 × 8 a work-item, 64 multiply-adds for 4 loads.</summary>
internal struct WideTile : ITile
{
    private Accumulators _left, _right;

    public readonly string Name => "wide";

    public readonly int Log2Rows4 => 4;

    public readonly int Log2Columns4 => 4;

    public void MultiplyAdd(ArrayView<Float4> a, ArrayView<Float4> b, int depth, int thread)
    {
        // Views from which on all indices are constants: one address is computed, the others are its offsets.
        ArrayView<Float4> rows = a.SubView(depth * Tiles.Stride4(4) + (thread >> 3));
        ArrayView<Float4> columns = b.SubView(depth * Tiles.Stride4(4) + (thread & 7));
        MultiplyAdd(rows[0], rows[8], columns[0], columns[8]);
        MultiplyAdd(rows[Tiles.Stride4(4)], rows[Tiles.Stride4(4) + 8], columns[Tiles.Stride4(4)], columns[Tiles.Stride4(4) + 8]);
        MultiplyAdd(rows[2 * Tiles.Stride4(4)], rows[2 * Tiles.Stride4(4) + 8], columns[2 * Tiles.Stride4(4)],
            columns[2 * Tiles.Stride4(4) + 8]);
        MultiplyAdd(rows[3 * Tiles.Stride4(4)], rows[3 * Tiles.Stride4(4) + 8], columns[3 * Tiles.Stride4(4)],
            columns[3 * Tiles.Stride4(4) + 8]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MultiplyAdd(Float4 top, Float4 bottom, Float4 left, Float4 right)
    {
        _left.MultiplyAdd(top, bottom, left);
        _right.MultiplyAdd(top, bottom, right);
    }

    public readonly void Store<TTarget>(TTarget target, int row, int column4, int slice, int thread) where TTarget : struct,
        ITarget
    {
        int first = row + (thread >> 3 << 2), column = column4 + (thread & 7);
        _left.Store(target, first, first + 32, column, slice);
        _right.Store(target, first, first + 32, column + 8, slice);
    }
}

/// <summary>128 × 16, for matrices whose rows are 16 or 32 floats: 8 × 4 a work-item, 32 multiply-adds for 3 loads.</summary>
internal struct NarrowTile : ITile
{
    private Accumulators _sums;

    public readonly string Name => "narrow";

    public readonly int Log2Rows4 => 5;

    public readonly int Log2Columns4 => 2;

    public void MultiplyAdd(ArrayView<Float4> a, ArrayView<Float4> b, int depth, int thread)
    {
        ArrayView<Float4> rows = a.SubView(depth * Tiles.Stride4(5) + (thread >> 2));
        ArrayView<Float4> columns = b.SubView(depth * Tiles.Stride4(2) + (thread & 3));
        _sums.MultiplyAdd(rows[0], rows[16], columns[0]);
        _sums.MultiplyAdd(rows[Tiles.Stride4(5)], rows[Tiles.Stride4(5) + 16], columns[Tiles.Stride4(2)]);
        _sums.MultiplyAdd(rows[2 * Tiles.Stride4(5)], rows[2 * Tiles.Stride4(5) + 16], columns[2 * Tiles.Stride4(2)]);
        _sums.MultiplyAdd(rows[3 * Tiles.Stride4(5)], rows[3 * Tiles.Stride4(5) + 16], columns[3 * Tiles.Stride4(2)]);
    }

    public readonly void Store<TTarget>(TTarget target, int row, int column4, int slice, int thread) where TTarget : struct,
        ITarget
    {
        int first = row + (thread >> 2 << 2);
        _sums.Store(target, first, first + 64, column4 + (thread & 3), slice);
    }
}

/// <summary>8 rows of 4 columns in registers. Fields, not an array, which would lie in memory.</summary>
internal struct Accumulators
{
    public Float4 R0, R1, R2, R3, R4, R5, R6, R7;

    /// <summary>Adds the outer product of 8 rows and 4 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(Float4 top, Float4 bottom, Float4 b)
    {
        R0 = Float4.MultiplyAdd(top.X, b, R0);
        R1 = Float4.MultiplyAdd(top.Y, b, R1);
        R2 = Float4.MultiplyAdd(top.Z, b, R2);
        R3 = Float4.MultiplyAdd(top.W, b, R3);
        R4 = Float4.MultiplyAdd(bottom.X, b, R4);
        R5 = Float4.MultiplyAdd(bottom.Y, b, R5);
        R6 = Float4.MultiplyAdd(bottom.Z, b, R6);
        R7 = Float4.MultiplyAdd(bottom.W, b, R7);
    }

    /// <summary>Hands the rows on.</summary>
    public readonly void Store<TTarget>(TTarget target, int top, int bottom, int column4, int slice) where TTarget : struct,
        ITarget
    {
        target.Store(top, column4, slice, R0);
        target.Store(top + 1, column4, slice, R1);
        target.Store(top + 2, column4, slice, R2);
        target.Store(top + 3, column4, slice, R3);
        target.Store(bottom, column4, slice, R4);
        target.Store(bottom + 1, column4, slice, R5);
        target.Store(bottom + 2, column4, slice, R6);
        target.Store(bottom + 3, column4, slice, R7);
    }
}
