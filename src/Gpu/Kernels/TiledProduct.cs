using ILGPU;
using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// C = A B, the kernel behind all products of Linear: C_mn = Σ_k A_mk B_kn. A group computes one tile of C from tiles of A
/// and B in shared memory; each work-item holds 8 × 8 or 8 × 4 sums in registers. The sum can be split over groups
/// (split-K), each of which hands on its slice.
/// </summary>
internal static class TiledProduct
{
    /// <summary>Shared memory of a group, in bytes.</summary>
    public static int SharedBytes<TTile>() where TTile : struct, ITile =>
        Tiles.Bytes(default(TTile).Log2Rows4) + Tiles.Bytes(default(TTile).Log2Columns4);

    /// <summary>The kernel. Groups: tiles of C, row after row; slices.</summary>
    public static void Run<TA, TB, TTile, TTarget>(Arguments<TA, TB, TTarget> p)
        where TA : struct, IOperand
        where TB : struct, IOperand
        where TTile : struct, ITile
        where TTarget : struct, IProductTarget
    {
        TTile tile = default;
        ArrayView<Float4> a = SharedMemory.Allocate<Float4>(Tiles.Length4(tile.Log2Rows4));
        ArrayView<Float4> b = SharedMemory.Allocate<Float4>(Tiles.Length4(tile.Log2Columns4));

        int thread = Group.IdxX, slice = Grid.IdxY;
        int rowTile = Grid.IdxX / p.ColumnTiles, columnTile = Grid.IdxX - rowTile * p.ColumnTiles;
        int row = rowTile << (tile.Log2Rows4 + 2), column = columnTile << (tile.Log2Columns4 + 2);
        bool sumsColumns = rowTile == 0 && thread < 1 << tile.Log2Columns4;
        Float4 columnSums = default;
        int end = IntrinsicMath.Min((slice + 1) * p.SliceDepth, p.Depth);
        for (int depth = slice * p.SliceDepth; depth < end; depth += Tiles.Depth)
        {
            p.A.CopyTile(a, tile.Log2Rows4, row, depth, end, thread);
            p.B.CopyTile(b, tile.Log2Columns4, column, depth, end, thread);
            LocalBarrier.Wait();
            for (int d = 0; d < Tiles.Depth; d += Tiles.Unroll)
                tile.MultiplyAdd(a, b, d, thread);
            if (sumsColumns)
                columnSums = p.Target.AddColumns(columnSums, b, Tiles.Stride4(tile.Log2Columns4), thread);
            LocalBarrier.Wait();
        }
        tile.Store(p.Target, row, column >> 2, slice, thread);
        if (sumsColumns)
            p.Target.StoreColumnSums((column >> 2) + thread, slice, columnSums);
    }

    /// <summary>What the kernel is given.</summary>
    /// <param name="A">[rows, Depth]</param>
    /// <param name="B">[Depth, columns]</param>
    /// <param name="Target">Takes the results.</param>
    /// <param name="ColumnTiles">Tiles side by side in C.</param>
    /// <param name="Depth">Terms of each sum.</param>
    /// <param name="SliceDepth">Terms that one group adds up, a multiple of <see cref="Tiles.Depth"/>.</param>
    public readonly record struct Arguments<TA, TB, TTarget>(
        TA A, TB B, TTarget Target, int ColumnTiles, int Depth, int SliceDepth);
}
