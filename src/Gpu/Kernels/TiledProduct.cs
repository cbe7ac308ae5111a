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
        TwoTiles.Bytes(default(TTile).Log2Rows4, default(TTile).Log2Columns4);

    /// <summary>The kernel. Groups: tiles of C, row after row; slices.</summary>
    public static void Run<TA, TB, TTile, TTarget>(Arguments<TA, TB, TTarget> p)
        where TA : struct, IOperand
        where TB : struct, IOperand
        where TTile : struct, ITile
        where TTarget : struct, IProductTarget
    {
        TTile tile = default;
        TwoTiles tiles = TwoTiles.Allocate(tile.Log2Rows4, tile.Log2Columns4);

        int thread = Group.IdxX, slice = Grid.IdxY;
        int rowTile = Grid.IdxX / p.ColumnTiles, columnTile = Grid.IdxX - rowTile * p.ColumnTiles;
        int row = rowTile << (tile.Log2Rows4 + 2), column = columnTile << (tile.Log2Columns4 + 2);
        var operands = new TwoOperands<TA, TB>(new(p.A, tile.Log2Rows4, row), new(p.B, tile.Log2Columns4, column));
        var sums = new Sums<TTile>
        {
            Tile = tile,
            SumsColumns = rowTile == 0 && p.Target.SumsColumns,
        };
        int end = IntrinsicMath.Min((slice + 1) * p.SliceDepth, p.Depth);
        TermLoop.Run(operands, tiles, ref sums, slice * p.SliceDepth, end, thread);
        sums.Tile.Store(p.Target, row, column >> 2, slice, thread);
        if (sums.SumsColumns)
            StoreColumnSums(p.Target, tiles.Columns, sums.OfColumns, tile.Log2Columns4, column >> 2, slice, thread);
    }

    /// <summary>Adds up what the work-items of a column have.</summary>
    private static void StoreColumnSums<TTarget>(
        TTarget target, ArrayView<Float4> shared, Float4 sums, int log2Columns4, int column4, int slice, int thread)
        where TTarget : struct, IProductTarget
    {
        shared[thread] = sums;
        LocalBarrier.Wait();
        if (thread < 1 << log2Columns4)
        {
            for (int other = thread + (1 << log2Columns4); other < Tiles.GroupSize; other += 1 << log2Columns4)
                sums += shared[other];
            target.StoreColumnSums(column4 + thread, slice, sums);
        }
    }

    /// <summary>
    /// A work-item's part of C and, where the target wants them, sums of four of B's columns: all of the group share in these.
    /// </summary>
    private struct Sums<TTile> : ISums<TwoTiles> where TTile : struct, ITile
    {
        public TTile Tile;
        public Float4 OfColumns;
        public bool SumsColumns;

        public void Add(TwoTiles tiles, int thread)
        {
            for (int d = 0; d < Tiles.Depth; d += Tiles.Unroll)
                Tile.MultiplyAdd(tiles.Rows, tiles.Columns, d, thread);
            if (SumsColumns)
            {
                int column = thread & ((1 << Tile.Log2Columns4) - 1);
                for (int d = thread >> Tile.Log2Columns4; d < Tiles.Depth; d += Tiles.GroupSize >> Tile.Log2Columns4)
                    OfColumns += tiles.Columns[d * Tiles.Stride4(Tile.Log2Columns4) + column];
            }
        }
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
