using ILGPU;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Linear: y_so = Σ_i x_si W_io + b_o, with W: [inputs, outputs] as the device holds it.
/// Backward: dW_io = Σ_s x_si dy_so, db_o = Σ_s dy_so, dx_si = Σ_o dy_so W_io.
/// </summary>
internal sealed class LinearKernels(PlannedLayer planned, KernelQueue queue) : LayerKernels(planned, queue)
{
    /// <summary>All kernels of this file.</summary>
    public static IEnumerable<Kernel> All =>
    [
        .. new[] { ProductsFor(64, true), ProductsFor(64, false), ProductsFor(16, true), ProductsFor(16, false) }
            .SelectMany(products => products.All).DistinctBy(kernel => kernel.Name),
    ];

    public override int GradientTiles =>
        ProductsFor(Planned.OutputStride, isBytes: false).Tiles(Planned.Inputs, Planned.OutputStride);

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters) =>
        ProductsFor(Planned.OutputStride, x.IsBytes).Forward(this, x, y, parameters);

    public override void ParameterGradient(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> parameters, in GradientSlices slices) =>
        ProductsFor(Planned.OutputStride, x.IsBytes).WeightGradient(this, x, dy, slices);

    public override void InputGradient(in LayerInput x,
        ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters) =>
        ProductsFor(Planned.InputStride, isBytes: false).InputGradient(this, x, dy, dx, parameters);

    /// <summary>The products with a result of the given stride, with the tile that fits it.</summary>
    private static IProducts ProductsFor(int stride, bool isBytes) => (stride % 64 == 0, isBytes) switch
    {
        (true, true) => Products<WideTile, ByteSource>.Instance,
        (true, false) => Products<WideTile, FloatSource>.Instance,
        (false, true) => Products<NarrowTile, ByteSource>.Instance,
        (false, false) => Products<NarrowTile, FloatSource>.Instance,
    };

    private interface IProducts
    {
        IEnumerable<Kernel> All { get; }

        int Tiles(int rows, int stride);

        void Forward(LinearKernels layer, in LayerInput x, ArrayView<float> y, ArrayView<float> parameters);

        void WeightGradient(LinearKernels layer, in LayerInput x, ArrayView<float> dy, in GradientSlices slices);

        void InputGradient(LinearKernels layer, in LayerInput x,
            ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters);
    }

    /// <summary>The three products for one tile and one kind of input.</summary>
    private sealed class Products<TTile, TSource> : IProducts
        where TTile : struct, ITile
        where TSource : struct, IInputSource<TSource>
    {
        public static readonly Products<TTile, TSource> Instance = new();

        private static TTile Tile => default;

        public IEnumerable<Kernel> All => [ForwardKernel, WeightGradientKernel, InputGradientKernel];

        public int Tiles(int rows, int stride) => Kernels.Tiles.Across(rows, Tile.Log2Rows4) * ColumnTiles(stride);

        private static int ColumnTiles(int stride) => Kernels.Tiles.Across(stride, Tile.Log2Columns4);

        // ------------------------------------------------------------------ forward: y = x W + b

        private static readonly Kernel<TiledProduct.Arguments<AlongDepth<TSource>, AcrossDepth<PlainSource>, OutputTarget>>
            ForwardKernel = new(TiledProduct.Run<AlongDepth<TSource>, AcrossDepth<PlainSource>, TTile, OutputTarget>)
            {
                Name = $"linear-forward-{TSource.Name}-{Tile.Name}",
                Operation = "y = x W + b",
                Flop = $"{Linear.Work.Forward} N I O",
                Bytes = "N I V + 4 I O + 4 N O",
                SharedBytes = TiledProduct.SharedBytes<TTile>(),
                IsProduct = true,
            };

        public void Forward(LinearKernels layer, in LayerInput x, ArrayView<float> y, ArrayView<float> parameters)
        {
            int stride4 = layer.OutputStride4, depth = Kernels.Tiles.RoundUp(layer.Planned.Inputs);
            var weight = new PlainSource(layer.Tensor(parameters, ParameterRole.Weight), stride4, depth);
            var target = new OutputTarget(layer.Tensor(parameters, ParameterRole.Bias), y.Cast<Float4>(), stride4, x.Rows);
            layer.Queue.Launch(
                ForwardKernel, Tiles(x.Rows, layer.Planned.OutputStride), slices: 1,
                new(new(TSource.Of(x)), new(weight), target, ColumnTiles(layer.Planned.OutputStride), depth, depth),
                layer.ShapeOf(x));
        }

        // ------------------------------------------------------------------ parameters: dW = xᵀ dy, db = Σ dy

        private static readonly Kernel<TiledProduct.Arguments<AcrossDepth<TSource>, AcrossDepth<PlainSource>, WeightTarget>>
            WeightGradientKernel = new(TiledProduct.Run<AcrossDepth<TSource>, AcrossDepth<PlainSource>, TTile, WeightTarget>)
            {
                Name = $"linear-weight-gradient-{TSource.Name}-{Tile.Name}",
                Operation = "dW = xᵀ dy, db = Σ dy, in S slices of the samples",
                Flop = $"{Linear.Work.Sums} N I O + N O",
                Bytes = "N I V + 4 N O + 4 S I O",
                SharedBytes = TiledProduct.SharedBytes<TTile>(),
                IsProduct = true,
            };

        public void WeightGradient(LinearKernels layer, in LayerInput x, ArrayView<float> dy, in GradientSlices slices)
        {
            int stride4 = layer.OutputStride4;
            ParameterTensor weight = layer.Planned.Find(ParameterRole.Weight)!;
            int biasOffset4 = layer.Planned.Find(ParameterRole.Bias) is { } bias ? bias.DeviceOffset / 4 : -1;
            var target = new WeightTarget(slices, weight.DeviceOffset / 4, biasOffset4, stride4, layer.Planned.Inputs);
            layer.Queue.Launch(
                WeightGradientKernel, Tiles(layer.Planned.Inputs, layer.Planned.OutputStride), slices.Count,
                new(
                    new(TSource.Of(x)), new(new(dy.Cast<Float4>(), stride4, x.Rows)), target,
                    ColumnTiles(layer.Planned.OutputStride), x.Rows, slices.Rows),
                layer.ShapeOf(x, slices.Count));
        }

        // ------------------------------------------------------------------ input: dx = dy Wᵀ

        private static readonly Kernel<TiledProduct.Arguments<AlongDepth<PlainSource>, AlongDepth<PlainSource>, InputTarget>>
            InputGradientKernel = new(TiledProduct.Run<AlongDepth<PlainSource>, AlongDepth<PlainSource>, TTile, InputTarget>)
            {
                Name = $"linear-input-gradient-{Tile.Name}",
                Operation = "dz = f′(z) dy Wᵀ, with x = f(z)",
                Flop = $"{Linear.Work.Input} N I O + N I",
                Bytes = "4 N O + 4 I O + 8 N I",
                SharedBytes = TiledProduct.SharedBytes<TTile>(),
                IsProduct = true,
            };

        public void InputGradient(LinearKernels layer, in LayerInput x,
            ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters)
        {
            int depth = Kernels.Tiles.RoundUp(layer.Planned.Outputs);
            var weight = new PlainSource(
                layer.Tensor(parameters, ParameterRole.Weight), layer.OutputStride4,
                layer.Planned.Find(ParameterRole.Weight)!.RowsInTiles);
            layer.Queue.Launch(
                InputGradientKernel, Tiles(x.Rows, layer.Planned.InputStride), slices: 1,
                new(
                    new(new(dy.Cast<Float4>(), layer.OutputStride4, x.Rows)), new(weight), new(x.Floats, dx.Cast<Float4>()),
                    ColumnTiles(layer.Planned.InputStride), depth, depth),
                layer.ShapeOf(x));
        }
    }

    /// <summary>y = sum + b.</summary>
    internal readonly record struct OutputTarget(
        ArrayView<Float4> Bias, ArrayView<Float4> Y, int Stride4, int Rows) : IProductTarget
    {
        public void Store(int row, int column4, int slice, Float4 value)
        {
            if (row < Rows)
                Y[(long)row * Stride4 + column4] = Bias.Length > 0 ? value + Bias[column4] : value;
        }

        public bool SumsColumns => false;

        public void StoreColumnSums(int column4, int slice, Float4 sums) { }
    }

    /// <summary>Sums over samples, into the slices. Rows of W behind the inputs are padding and stay zero.</summary>
    internal readonly record struct WeightTarget(
        GradientSlices Slices, int Offset4, int BiasOffset4, int Stride4, int Inputs) : IProductTarget
    {
        public void Store(int row, int column4, int slice, Float4 value)
        {
            if (row < Kernels.Tiles.RoundUp(Inputs))
                Slices.Put(slice, Offset4 + row * Stride4 + column4, row < Inputs ? value : default);
        }

        public bool SumsColumns => BiasOffset4 >= 0;

        public void StoreColumnSums(int column4, int slice, Float4 sums) => Slices.Put(slice, BiasOffset4 + column4, sums);
    }
}

/// <summary>The gradient of what the layer before stored: dz = f′(z) · (the gradient of f(z)).</summary>
/// <param name="Stored">z with f; its scaling is 1 and 0.</param>
/// <param name="Gradient">dz, with the stride of z.</param>
internal readonly record struct InputTarget(FloatSource Stored, ArrayView<Float4> Gradient) : IProductTarget
{
    public void Store(int row, int column4, int slice, Float4 value)
    {
        if (row < Stored.Rows)
        {
            long at = (long)row * Stored.Stride4 + column4;
            Gradient[at] = Stored.Activation.Backward(Stored.Values[at], value);
        }
    }

    public bool SumsColumns => false;

    public void StoreColumnSums(int column4, int slice, Float4 sums) { }
}
