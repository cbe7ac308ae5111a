using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// A factor of a product: a matrix with one axis along the sum (the depth) and one across it (the rows of A, the columns
/// of B). A group copies it to shared memory tile by tile as [Depth, width + 4], whatever its layout in memory.
/// </summary>
internal interface IOperand
{
    /// <summary>Copies one tile; what lies outside of the matrix becomes what the source makes of zeros.</summary>
    /// <param name="tile">The shared memory.</param>
    /// <param name="log2Width4">Binary logarithm of the tile's width divided by 4.</param>
    /// <param name="first">Where the tile begins across the depth.</param>
    /// <param name="depth">Where the tile begins along the depth, a multiple of <see cref="Tiles.Depth"/>.</param>
    /// <param name="depthEnd">The end of the depth.</param>
    /// <param name="thread">The work-item.</param>
    void CopyTile(ArrayView<Float4> tile, int log2Width4, int first, int depth, int depthEnd, int thread);
}

/// <summary>
/// An operand whose rows in memory run along the depth, and are there up to a multiple of <see cref="Tiles.Depth"/>: it is
/// transposed. Four work-items read 64 successive bytes of a row.
/// </summary>
/// <param name="Source">[rows, depth]</param>
internal readonly record struct AlongDepth<TSource>(TSource Source) : IOperand where TSource : struct, ISource
{
    public void CopyTile(ArrayView<Float4> tile, int log2Width4, int first, int depth, int depthEnd, int thread)
    {
        const int RowsPerPass = Tiles.GroupSize / 4;
        int stride = 4 * Tiles.Stride4(log2Width4), column4 = thread & 3, source4 = (depth >> 2) + column4, row = thread >> 2;
        ArrayView<float> target = tile.Cast<float>().SubView(4 * column4 * stride);
        // One place in memory, from which the others are the same distances for all work-items.
        long at = (long)(first + row) * Source.Stride4 + source4, pass = (long)RowsPerPass * Source.Stride4;
        if (4 << log2Width4 == RowsPerPass)
        {
            Put(target, row, stride, Source.Decode(Load(first + row, at)));
            return;
        }
        // Four loads are under way before the first is waited for.
        for (; row < 4 << log2Width4; row += 4 * RowsPerPass, at += 4 * pass)
        {
            Float4 v0 = Load(first + row, at), v1 = Load(first + row + RowsPerPass, at + pass);
            Float4 v2 = Load(first + row + 2 * RowsPerPass, at + 2 * pass),
                v3 = Load(first + row + 3 * RowsPerPass, at + 3 * pass);
            Put(target, row, stride, Source.Decode(v0));
            Put(target, row + RowsPerPass, stride, Source.Decode(v1));
            Put(target, row + 2 * RowsPerPass, stride, Source.Decode(v2));
            Put(target, row + 3 * RowsPerPass, stride, Source.Decode(v3));
        }
    }

    private Float4 Load(int row, long at) => row < Source.Rows ? Source.Load(at) : default;

    private static void Put(ArrayView<float> tile, int row, int stride, Float4 value)
    {
        tile[row] = value.X;
        tile[row + stride] = value.Y;
        tile[row + 2 * stride] = value.Z;
        tile[row + 3 * stride] = value.W;
    }
}

/// <summary>An operand whose rows in memory run across the depth: it is copied as it is.</summary>
/// <param name="Source">[depth, columns]</param>
internal readonly record struct AcrossDepth<TSource>(TSource Source) : IOperand where TSource : struct, ISource
{
    public void CopyTile(ArrayView<Float4> tile, int log2Width4, int first, int depth, int depthEnd, int thread)
    {
        int stride4 = Tiles.Stride4(log2Width4), depthsPerPass = Tiles.GroupSize >> log2Width4;
        int column = thread & ((1 << log2Width4) - 1), column4 = (first >> 2) + column, d = thread >> log2Width4;
        ArrayView<Float4> target = tile.SubView(column);
        long at = (long)(depth + d) * Source.Stride4 + column4, pass = (long)depthsPerPass * Source.Stride4;
        // Where the column is none of the source's, no row is.
        int end = column4 < Source.Stride4 ? depthEnd : 0;
        if (depthsPerPass == Tiles.Depth)
        {
            target[d * stride4] = Source.Decode(Load(depth + d, end, at));
            return;
        }
        // Four loads are under way before the first is waited for.
        for (; d < Tiles.Depth; d += 4 * depthsPerPass, at += 4 * pass)
        {
            Float4 v0 = Load(depth + d, end, at), v1 = Load(depth + d + depthsPerPass, end, at + pass);
            Float4 v2 = Load(depth + d + 2 * depthsPerPass, end, at + 2 * pass),
                v3 = Load(depth + d + 3 * depthsPerPass, end, at + 3 * pass);
            target[d * stride4] = Source.Decode(v0);
            target[(d + depthsPerPass) * stride4] = Source.Decode(v1);
            target[(d + 2 * depthsPerPass) * stride4] = Source.Decode(v2);
            target[(d + 3 * depthsPerPass) * stride4] = Source.Decode(v3);
        }
    }

    private Float4 Load(int row, int end, long at) => row < end ? Source.Load(at) : default;
}
