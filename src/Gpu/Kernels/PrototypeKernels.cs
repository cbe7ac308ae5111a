using ILGPU;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>Layers that compare the input with a point per output, with the formulas of <see cref="IPrototypeKind"/>.</summary>
/// <remarks>
/// Matrix products with another inner step, tiled as such. The square is not expanded: x² − 2xp + p² cancels in float32
/// where x lies near p.
/// </remarks>
internal sealed class PrototypeKernels<TKind>(PlannedLayer planned, KernelQueue queue) : LayerKernels(planned, queue)
    where TKind : struct, IPrototypeKind
{
    private readonly ParameterRole _points = ((PrototypeLayer)planned.Layer).PointRole;
    private readonly ParameterRole _weights = ((PrototypeLayer)planned.Layer).WeightRole;

    /// <summary>All kernels of this file for one kind.</summary>
    public static IEnumerable<Kernel> All =>
        [On<ByteSource>.Forward, On<FloatSource>.Forward, On<ByteSource>.Gradient, On<FloatSource>.Gradient, InputGradientKernel];

    public override int GradientTiles =>
        Tiles.Across(Planned.Outputs, ParameterSums<TKind>.Log2Rows4)
            * Tiles.Across(Planned.InputStride, ParameterSums<TKind>.Log2Columns4);

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters)
    {
        if (x.IsBytes)
            Forward(On<ByteSource>.Forward, x.Bytes, x, y, parameters);
        else
            Forward(On<FloatSource>.Forward, x.Floats, x, y, parameters);
    }

    public override void ParameterGradient(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> parameters, in GradientSlices slices)
    {
        if (x.IsBytes)
            Gradient(On<ByteSource>.Gradient, x.Bytes, x, y, dy, parameters, slices);
        else
            Gradient(On<FloatSource>.Gradient, x.Floats, x, y, dy, parameters, slices);
    }

    // ------------------------------------------------------------------ forward

    internal readonly record struct ForwardArguments<TSource>(
        AlongDepth<TSource> X, AlongDepth<PlainSource> Points, AlongDepth<WeightSource<TKind>> Weights, ArrayView<Float4> Y,
        int Stride4,
        int Rows, int Outputs, int ColumnTiles, int Depth) where TSource : struct, ISource;

    private static void ForwardKernel<TSource>(ForwardArguments<TSource> p) where TSource : struct, ISource
    {
        ThreeTiles tiles = ThreeTiles.Allocate(OutputSums<TKind>.Log2Rows4, OutputSums<TKind>.Log2Columns4);

        int thread = Group.IdxX;
        int rowTile = Grid.IdxX / p.ColumnTiles, columnTile = Grid.IdxX - rowTile * p.ColumnTiles;
        int row = rowTile << (OutputSums<TKind>.Log2Rows4 + 2), column = columnTile << (OutputSums<TKind>.Log2Columns4 + 2);
        var operands = new ThreeOperands<AlongDepth<TSource>, AlongDepth<PlainSource>, AlongDepth<WeightSource<TKind>>>(
            new(p.X, OutputSums<TKind>.Log2Rows4, row), new(p.Points, OutputSums<TKind>.Log2Columns4, column),
            new(p.Weights, OutputSums<TKind>.Log2Columns4, column));
        OutputSums<TKind> sums = default;
        TermLoop.Run(operands, tiles, ref sums, 0, p.Depth, thread);
        sums.Store(new OutputTarget(p.Y, p.Stride4, p.Rows, p.Outputs), row, column >> 2, thread);
    }

    private void Forward<TSource>(
        Kernel<ForwardArguments<TSource>> kernel, TSource source, in LayerInput x, ArrayView<float> y,
        ArrayView<float> parameters)
        where TSource : struct, ISource
    {
        int columnTiles = Tiles.Across(Planned.OutputStride, OutputSums<TKind>.Log2Columns4);
        Queue.Launch(
            kernel, Tiles.Across(x.Rows, OutputSums<TKind>.Log2Rows4) * columnTiles, slices: 1,
            new(
                new(source), new(Points(parameters)), new(Weights(parameters)), y.Cast<Float4>(), OutputStride4, x.Rows,
                Planned.Outputs, columnTiles, Tiles.RoundUp(Planned.Inputs)),
            ShapeOf(x));
    }

    /// <summary>y from the sums; the columns behind the outputs are padding and become zero.</summary>
    internal readonly record struct OutputTarget(ArrayView<Float4> Y, int Stride4, int Rows, int Outputs) : ITarget
    {
        public void Store(int row, int column4, int slice, Float4 sum)
        {
            if (row < Rows)
                Y[(long)row * Stride4 + column4] = TKind.Output<Float4Arithmetic, Float4>(sum).Before(Outputs - 4 * column4);
        }
    }

    // ------------------------------------------------------------------ backward: the input

    internal readonly record struct InputArguments(
        AlongDepth<RatioSource<TKind>> Ratios, AcrossDepth<PlainSource> Points, AcrossDepth<WeightSource<TKind>> Weights,
        InputTarget Target, int ColumnTiles, int Depth);

    private static void InputKernel(InputArguments p)
    {
        ThreeTiles tiles = ThreeTiles.Allocate(InputSums<TKind>.Log2Rows4, InputSums<TKind>.Log2Columns4);

        int thread = Group.IdxX;
        int rowTile = Grid.IdxX / p.ColumnTiles, columnTile = Grid.IdxX - rowTile * p.ColumnTiles;
        int row = rowTile << (InputSums<TKind>.Log2Rows4 + 2), column = columnTile << (InputSums<TKind>.Log2Columns4 + 2);
        var operands = new ThreeOperands<
            AlongDepth<RatioSource<TKind>>, AcrossDepth<PlainSource>, AcrossDepth<WeightSource<TKind>>>(
            new(p.Ratios, InputSums<TKind>.Log2Rows4, row), new(p.Points, InputSums<TKind>.Log2Columns4, column),
            new(p.Weights, InputSums<TKind>.Log2Columns4, column));
        InputSums<TKind> sums = default;
        sums.Load(p.Target.Stored, row, column >> 2, thread);
        TermLoop.Run(operands, tiles, ref sums, 0, p.Depth, thread);
        sums.Store(p.Target, row, column >> 2, thread);
    }

    private static readonly Kernel<InputArguments> InputGradientKernel = new(InputKernel)
    {
        Name = $"{TKind.Name}-input-gradient",
        Operation = "dz = f′(z) Σ_j a g, with x = f(z)",
        Flop = $"{TKind.Operations.Slope + TKind.Operations.Input} N I O + N I",
        Bytes = "8 N O + 8 I O + 8 N I",
        SharedBytes = ThreeTiles.Bytes(InputSums<TKind>.Log2Rows4, InputSums<TKind>.Log2Columns4),
        IsProduct = true,
    };

    public override void InputGradient(in LayerInput x,
        ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters)
    {
        int columnTiles = Tiles.Across(Planned.InputStride, InputSums<TKind>.Log2Columns4);
        Queue.Launch(
            InputGradientKernel, Tiles.Across(x.Rows, InputSums<TKind>.Log2Rows4) * columnTiles, slices: 1,
            new(
                new(Ratios(y, dy, x.Rows)), new(Points(parameters)), new(Weights(parameters)), new(x.Floats, dx.Cast<Float4>()),
                columnTiles, Tiles.RoundUp(Planned.Outputs)),
            ShapeOf(x));
    }

    // ------------------------------------------------------------------ backward: points and weights

    internal readonly record struct ParameterArguments<TSource>(
        AcrossDepth<RatioSource<TKind>> Ratios, AcrossDepth<TSource> X, ParameterTarget<TKind> Target, int ColumnTiles, int Depth,
        int SliceDepth) where TSource : struct, ISource;

    private static void ParameterKernel<TSource>(ParameterArguments<TSource> p) where TSource : struct, ISource
    {
        TwoTiles tiles = TwoTiles.Allocate(ParameterSums<TKind>.Log2Rows4, ParameterSums<TKind>.Log2Columns4);

        int thread = Group.IdxX, slice = Grid.IdxY;
        int rowTile = Grid.IdxX / p.ColumnTiles, columnTile = Grid.IdxX - rowTile * p.ColumnTiles;
        int row = rowTile << (ParameterSums<TKind>.Log2Rows4 + 2), column = columnTile << (ParameterSums<TKind>.Log2Columns4 + 2);
        var operands = new TwoOperands<AcrossDepth<RatioSource<TKind>>, AcrossDepth<TSource>>(
            new(p.Ratios, ParameterSums<TKind>.Log2Rows4, row), new(p.X, ParameterSums<TKind>.Log2Columns4, column));
        ParameterSums<TKind> sums = default;
        sums.Load(p.Target, row, column >> 2, thread);
        int end = IntrinsicMath.Min((slice + 1) * p.SliceDepth, p.Depth);
        TermLoop.Run(operands, tiles, ref sums, slice * p.SliceDepth, end, thread);
        sums.Store(p.Target, row, column >> 2, slice, thread);
    }

    private void Gradient<TSource>(
        Kernel<ParameterArguments<TSource>> kernel, TSource source, in LayerInput x, ArrayView<float> y, ArrayView<float> dy,
        ArrayView<float> parameters, in GradientSlices slices) where TSource : struct, ISource
    {
        var target = new ParameterTarget<TKind>(
            slices, Tensor(parameters, _points), Tensor(parameters, _weights), Planned.Find(_points)!.DeviceOffset / 4,
            Planned.Find(_weights)!.DeviceOffset / 4, InputStride4, Planned.Inputs);
        Queue.Launch(
            kernel, GradientTiles, slices.Count,
            new(
                new(Ratios(y, dy, x.Rows)), new(source), target,
                Tiles.Across(Planned.InputStride, ParameterSums<TKind>.Log2Columns4), x.Rows, slices.Rows),
            ShapeOf(x, slices.Count));
    }

    // ------------------------------------------------------------------ what both directions read

    private PlainSource Points(ArrayView<float> parameters) =>
        new(Tensor(parameters, _points), InputStride4, Planned.Find(_points)!.RowsInTiles);

    private WeightSource<TKind> Weights(ArrayView<float> parameters) =>
        new(Tensor(parameters, _weights), InputStride4, Planned.Find(_weights)!.RowsInTiles);

    private RatioSource<TKind> Ratios(ArrayView<float> y, ArrayView<float> dy, int rows) =>
        new(dy.Cast<Float4>(), y.Cast<Float4>(), OutputStride4, rows);

    /// <summary>The kernels that read the layer's input, for one kind of it.</summary>
    private static class On<TSource> where TSource : struct, IInputSource<TSource>
    {
        public static readonly Kernel<ForwardArguments<TSource>> Forward = new(ForwardKernel)
        {
            Name = $"{TKind.Name}-forward-{TSource.Name}",
            Operation = TKind.Formula,
            Flop = $"{TKind.Operations.Forward} N I O",
            Bytes = "N I V + 8 I O + 4 N O",
            SharedBytes = ThreeTiles.Bytes(OutputSums<TKind>.Log2Rows4, OutputSums<TKind>.Log2Columns4),
            IsProduct = true,
        };

        public static readonly Kernel<ParameterArguments<TSource>> Gradient = new(ParameterKernel)
        {
            Name = $"{TKind.Name}-parameter-gradient-{TSource.Name}",
            Operation = "dp = −a Σ g, and from Σ g d that of α or w, in S slices of the samples",
            Flop = $"{TKind.Operations.Slope + TKind.Operations.Sums} N I O",
            Bytes = "N I V + 8 N O + 8 S I O",
            SharedBytes = TwoTiles.Bytes(ParameterSums<TKind>.Log2Rows4, ParameterSums<TKind>.Log2Columns4),
            IsProduct = true,
        };
    }
}
