using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Where a group's tiles of an operand lie.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Log2Width4">Binary logarithm of the tile's width divided by 4.</param>
/// <param name="First">Where the tiles begin across the depth.</param>
internal readonly record struct TiledOperand<TOperand>(TOperand Operand, int Log2Width4, int First)
    where TOperand : struct, IOperand
{
    /// <summary>Copies one tile.</summary>
    public void CopyTile(ArrayView<Float4> tile, int depth, int end, int thread) =>
        Operand.CopyTile(tile, Log2Width4, First, depth, end, thread);
}

/// <summary>Shared memory for the tiles of two operands.</summary>
/// <param name="Rows">Of the one for the rows of the results.</param>
/// <param name="Columns">Of the one for the columns of the results.</param>
internal readonly record struct TwoTiles(ArrayView<Float4> Rows, ArrayView<Float4> Columns)
{
    /// <summary>Takes it, for tiles of the given widths.</summary>
    public static TwoTiles Allocate(int log2Rows4, int log2Columns4) => new(
        SharedMemory.Allocate<Float4>(Tiles.Length4(log2Rows4)), SharedMemory.Allocate<Float4>(Tiles.Length4(log2Columns4)));

    /// <summary>Its length in bytes.</summary>
    public static int Bytes(int log2Rows4, int log2Columns4) => Tiles.Bytes(log2Rows4) + Tiles.Bytes(log2Columns4);
}

/// <summary>An operand for the rows of the results, and one for the columns.</summary>
internal readonly record struct TwoOperands<TRows, TColumns>(TiledOperand<TRows> Rows, TiledOperand<TColumns> Columns)
    : IOperands<TwoTiles>
    where TRows : struct, IOperand
    where TColumns : struct, IOperand
{
    public void CopyTiles(TwoTiles tiles, int depth, int end, int thread)
    {
        Rows.CopyTile(tiles.Rows, depth, end, thread);
        Columns.CopyTile(tiles.Columns, depth, end, thread);
    }
}

/// <summary>
/// Shared memory for the tiles of an operand for the rows of the results, and of points and weights for the columns.
/// </summary>
internal readonly record struct ThreeTiles(ArrayView<Float4> Rows, ArrayView<Float4> Points, ArrayView<Float4> Weights)
{
    /// <summary>Takes it, for tiles of the given widths.</summary>
    public static ThreeTiles Allocate(int log2Rows4, int log2Columns4) => new(
        SharedMemory.Allocate<Float4>(Tiles.Length4(log2Rows4)), SharedMemory.Allocate<Float4>(Tiles.Length4(log2Columns4)),
        SharedMemory.Allocate<Float4>(Tiles.Length4(log2Columns4)));

    /// <summary>Its length in bytes.</summary>
    public static int Bytes(int log2Rows4, int log2Columns4) => Tiles.Bytes(log2Rows4) + 2 * Tiles.Bytes(log2Columns4);
}

/// <summary>An operand for the rows of the results, and points and weights for the columns.</summary>
internal readonly record struct ThreeOperands<TRows, TPoints, TWeights>(
    TiledOperand<TRows> Rows, TiledOperand<TPoints> Points, TiledOperand<TWeights> Weights) : IOperands<ThreeTiles>
    where TRows : struct, IOperand
    where TPoints : struct, IOperand
    where TWeights : struct, IOperand
{
    public void CopyTiles(ThreeTiles tiles, int depth, int end, int thread)
    {
        Rows.CopyTile(tiles.Rows, depth, end, thread);
        Points.CopyTile(tiles.Points, depth, end, thread);
        Weights.CopyTile(tiles.Weights, depth, end, thread);
    }
}
