using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// A copy of <see cref="TiledProduct"/>, whole and with a flaw: what the check must see. One group computes C = A B, with A:
/// [<see cref="Rows"/>, <see cref="Depth"/>] and B: [Depth, <see cref="Columns"/>], in one narrow tile that is larger than C.
/// </summary>
internal static class FlawedProduct
{
    private const int Rows = 65, Depth = 32, Columns = 16;

    /// <summary>Launches a copy, which has one group.</summary>
    public static void Run(Simulation simulation, Flaw flaw)
    {
        using MemoryBuffer1D<Float4, Stride1D.Dense> a = Ones(simulation, Rows * Depth / 4 + 1),
            b = Ones(simulation, Depth * Columns / 4);
        using MemoryBuffer1D<Float4, Stride1D.Dense> c = Ones(simulation, Rows * Columns / 4);
        using var shifted = new ShiftedBuffer(a, bytes: flaw == Flaw.MisalignedLoad ? sizeof(float) : 0);
        ArrayView<Float4> source = shifted.AsRawArrayView().Cast<Float4>();
        KernelWith(flaw).Load(simulation.Accelerator)(
            new KernelConfig(1, Tiles.GroupSize),
            new(new(new(source, Depth / 4, Rows)), new(new(b.View, Columns / 4, Depth)),
                new(c.View, flaw == Flaw.OutOfBounds ? Rows + 1 : Rows)));
        simulation.Finish(flaw.ToString(), new WorkShape(Rows, Depth, Columns));
    }

    /// <summary>What is wrong with a copy.</summary>
    public enum Flaw
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>No barrier between filling the tiles and reading them.</summary>
        NoBarrierAfterFilling,

        /// <summary>No barrier between reading the tiles and filling them again.</summary>
        NoBarrierBeforeRefilling,

        /// <summary>It writes one row more than C has.</summary>
        OutOfBounds,

        /// <summary>Half of its work-items do not fill their part of the tile of B.</summary>
        Uninitialised,

        /// <summary>Its A begins between two multiples of 16 bytes, and is loaded 16 bytes at a time.</summary>
        MisalignedLoad,

        /// <summary>Half of its work-items do not wait between filling the tiles and reading them.</summary>
        DivergingBarrier,
    }

    /// <summary>Compiled as the kernels of the catalogue are, in which it is not.</summary>
    private static Kernel<Arguments> KernelWith(Flaw flaw) => new(MethodWith(flaw))
    {
        Name = flaw.ToString(),
        Operation = "a product with a flaw",
        Flop = "0",
        Bytes = "0",
    };

    private static Action<Arguments> MethodWith(Flaw flaw) => flaw switch
    {
        Flaw.NoBarrierAfterFilling => NoBarrierAfterFilling,
        Flaw.NoBarrierBeforeRefilling => NoBarrierBeforeRefilling,
        Flaw.Uninitialised => Uninitialised,
        Flaw.DivergingBarrier => DivergingBarrier,
        _ => Whole,
    };

    private static void Whole(Arguments p) =>
        Run(p, fillers: Tiles.GroupSize, waiters: Tiles.GroupSize, waitsBeforeRefilling: true);

    private static void NoBarrierAfterFilling(Arguments p) =>
        Run(p, fillers: Tiles.GroupSize, waiters: 0, waitsBeforeRefilling: true);

    private static void NoBarrierBeforeRefilling(Arguments p) =>
        Run(p, fillers: Tiles.GroupSize, waiters: Tiles.GroupSize, waitsBeforeRefilling: false);

    private static void Uninitialised(Arguments p) =>
        Run(p, fillers: Tiles.GroupSize / 2, waiters: Tiles.GroupSize, waitsBeforeRefilling: true);

    private static void DivergingBarrier(Arguments p) =>
        Run(p, fillers: Tiles.GroupSize, waiters: Tiles.GroupSize / 2, waitsBeforeRefilling: true);

    /// <summary>ILGPU inlines this with its constants, so that a barrier which is left out is not there at all.</summary>
    private static void Run(Arguments p, int fillers, int waiters, bool waitsBeforeRefilling)
    {
        NarrowTile tile = default;
        ArrayView<Float4> a = SharedMemory.Allocate<Float4>(Tiles.Length4(tile.Log2Rows4));
        ArrayView<Float4> b = SharedMemory.Allocate<Float4>(Tiles.Length4(tile.Log2Columns4));
        int thread = Group.IdxX;
        for (int depth = 0; depth < Depth; depth += Tiles.Depth)
        {
            p.A.CopyTile(a, tile.Log2Rows4, 0, depth, Depth, thread);
            if (thread < fillers)
                p.B.CopyTile(b, tile.Log2Columns4, 0, depth, Depth, thread);
            if (thread < waiters)
                LocalBarrier.Wait();
            for (int d = 0; d < Tiles.Depth; d += Tiles.Unroll)
                tile.MultiplyAdd(a, b, d, thread);
            if (waitsBeforeRefilling)
                LocalBarrier.Wait();
        }
        tile.Store(p.Target, 0, 0, 0, thread);
    }

    private static MemoryBuffer1D<Float4, Stride1D.Dense> Ones(Simulation simulation, int length4) =>
        simulation.Accelerator.Allocate1D(Enumerable.Repeat(new Float4(1, 1, 1, 1), length4).ToArray());

    internal readonly record struct Arguments(AlongDepth<PlainSource> A, AcrossDepth<PlainSource> B, Target Target);

    internal readonly record struct Target(ArrayView<Float4> C, long Rows) : ITarget
    {
        public void Store(int row, int column4, int slice, Float4 value)
        {
            if (row < Rows)
                C[row * (Columns / 4) + column4] = value;
        }
    }
}
