using IlgpuDistance.Gpu.Devices;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The loop of all products: a group copies tiles of the operands to shared memory, <see cref="Tiles.Depth"/> terms of the sum
/// at a time, and each work-item adds them to its sums when all are there.
/// </summary>
internal static class TermLoop
{
    /// <summary>Adds the terms of a part of the depth.</summary>
    /// <param name="operands">Where the terms come from.</param>
    /// <param name="tiles">The shared memory.</param>
    /// <param name="sums">The sums of this work-item.</param>
    /// <param name="depth">The first term, a multiple of <see cref="Tiles.Depth"/>.</param>
    /// <param name="end">Behind the last term.</param>
    /// <param name="thread">The work-item.</param>
    public static void Run<TOperands, TTiles, TSums>(
        TOperands operands, TTiles tiles, ref TSums sums, int depth, int end, int thread)
        where TOperands : struct, IOperands<TTiles>
        where TTiles : struct
        where TSums : struct, ISums<TTiles>
    {
        for (; depth < end; depth += Tiles.Depth)
        {
            operands.CopyTiles(tiles, depth, end, thread);
            LocalBarrier.Wait();
            sums.Add(tiles, thread);
            LocalBarrier.Wait();
        }
    }
}

/// <summary>The operands of a product.</summary>
/// <typeparam name="TTiles">Shared memory for a tile of each.</typeparam>
internal interface IOperands<TTiles> where TTiles : struct
{
    /// <summary>Copies a tile of each.</summary>
    /// <param name="tiles">The shared memory.</param>
    /// <param name="depth">Where the tiles begin along the depth, a multiple of <see cref="Tiles.Depth"/>.</param>
    /// <param name="end">The end of the depth.</param>
    /// <param name="thread">The work-item.</param>
    void CopyTiles(TTiles tiles, int depth, int end, int thread);
}

/// <summary>Sums that a work-item holds in registers.</summary>
/// <typeparam name="TTiles">Shared memory for a tile of each operand.</typeparam>
internal interface ISums<TTiles> where TTiles : struct
{
    /// <summary>Adds the <see cref="Tiles.Depth"/> terms whose operands are in shared memory.</summary>
    void Add(TTiles tiles, int thread);
}
