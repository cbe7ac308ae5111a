using ILGPU;

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
        var sums = new Sums<TTile, TTarget>
        {
            Tile = tile,
            Target = p.Target,
            SumsColumns = rowTile == 0 && thread < 1 << tile.Log2Columns4,
        };
        int end = IntrinsicMath.Min((slice + 1) * p.SliceDepth, p.Depth);
        TermLoop.Run(operands, tiles, ref sums, slice * p.SliceDepth, end, thread);
        sums.Tile.Store(p.Target, row, column >> 2, slice, thread);
        if (sums.SumsColumns)
            p.Target.StoreColumnSums((column >> 2) + thread, slice, sums.OfColumns);
    }

    /// <summary>A work-item's part of C and, where the target wants them, the sums of four of B's columns.</summary>
    private struct Sums<TTile, TTarget> : ISums<TwoTiles>
        where TTile : struct, ITile
        where TTarget : struct, IProductTarget
    {
        public TTile Tile;
        public Float4 OfColumns;
        public TTarget Target;
        public bool SumsColumns;

        public void Add(TwoTiles tiles, int thread)
        {
            for (int d = 0; d < Tiles.Depth; d += Tiles.Unroll)
                Tile.MultiplyAdd(tiles.Rows, tiles.Columns, d, thread);
            if (SumsColumns)
                OfColumns = Target.AddColumns(OfColumns, tiles.Columns, Tiles.Stride4(Tile.Log2Columns4), thread);
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
