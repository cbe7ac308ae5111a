using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// A factor of a product: a matrix with one axis along the sum (the depth) and one across it (the rows of A, the columns
/// of B). A group copies it to shared memory tile by tile as [Depth, width + 4], whatever its layout in memory.
/// </summary>
internal interface IOperand
{
    /// <summary>Copies one tile; what lies outside of the matrix becomes 0.</summary>
    /// <param name="tile">The shared memory.</param>
    /// <param name="log2Width4">Binary logarithm of the tile's width divided by 4.</param>
    /// <param name="first">Where the tile begins across the depth.</param>
    /// <param name="depth">Where the tile begins along the depth, a multiple of <see cref="Tiles.Depth"/>.</param>
    /// <param name="depthEnd">The end of the depth.</param>
    /// <param name="thread">The work-item.</param>
    void Stage(ArrayView<float> tile, int log2Width4, int first, int depth, int depthEnd, int thread);
}

/// <summary>
/// An operand whose rows in memory run along the depth, and are there up to a multiple of <see cref="Tiles.Depth"/>: it is
/// transposed. Four work-items read 64 successive bytes of a row.
/// </summary>
/// <param name="Source">[Rows, depth]</param>
/// <param name="Rows">Rows that can be read.</param>
internal readonly record struct AlongDepth<TSource>(TSource Source, int Rows) : IOperand where TSource : struct, ISource
{
    public void Stage(ArrayView<float> tile, int log2Width4, int first, int depth, int depthEnd, int thread)
    {
        int stride = 4 * Tiles.Stride4(log2Width4), column4 = thread & 3;
        for (int row = thread >> 2; row < 4 << log2Width4; row += Tiles.GroupSize / 4)
        {
            Float4 value = first + row < Rows ? Source.Get(first + row, (depth >> 2) + column4) : default;
            int at = 4 * column4 * stride + row;
            tile[at] = value.X;
            tile[at + stride] = value.Y;
            tile[at + 2 * stride] = value.Z;
            tile[at + 3 * stride] = value.W;
        }
    }
}

/// <summary>An operand whose rows in memory run across the depth: it is copied as it is.</summary>
/// <param name="Source">[depth, 4 · Columns4]</param>
/// <param name="Columns4">Columns that can be read, divided by 4.</param>
internal readonly record struct AcrossDepth<TSource>(TSource Source, int Columns4) : IOperand where TSource : struct, ISource
{
    public void Stage(ArrayView<float> tile, int log2Width4, int first, int depth, int depthEnd, int thread)
    {
        ArrayView<Float4> tile4 = tile.Cast<Float4>();
        int column = thread & ((1 << log2Width4) - 1), column4 = (first >> 2) + column;
        for (int d = thread >> log2Width4; d < Tiles.Depth; d += Tiles.GroupSize >> log2Width4)
        {
            tile4[d * Tiles.Stride4(log2Width4) + column] =
                depth + d < depthEnd && column4 < Columns4 ? Source.Get(depth + d, column4) : default;
        }
    }
}
