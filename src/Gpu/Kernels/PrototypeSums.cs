using ILGPU;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

// What a work-item of the prototype kernels holds in registers. Fields, not arrays, which would lie in memory.

/// <summary>The parameters a = weight(α or w).</summary>
/// <param name="Values">[outputs, Stride4]</param>
/// <param name="Stride4">Groups of four floats from one row to the next.</param>
/// <param name="Rows">Number of rows.</param>
internal readonly record struct WeightSource<TKind>(ArrayView<Float4> Values, int Stride4, int Rows) : ISource
    where TKind : struct, IPrototypeKind
{
    public Float4 Load(long at) => Values[at];

    public Float4 Decode(Float4 loaded) => TKind.Weight<Float4Arithmetic, Float4>(loaded);
}

/// <summary>r from dy and y.</summary>
/// <param name="OutputGradients">[rows, Stride4]</param>
/// <param name="Outputs">[rows, Stride4]</param>
/// <param name="Stride4">Groups of four floats from one row to the next.</param>
/// <param name="Rows">Number of rows.</param>
internal readonly record struct RatioSource<TKind>(ArrayView<Float4> OutputGradients, ArrayView<Float4> Outputs, int Stride4,
    int Rows) : ISource
    where TKind : struct, IPrototypeKind
{
    public Float4 Decode(Float4 loaded) => loaded;

    public Float4 Load(long at) => TKind.Ratio<Float4Arithmetic, Float4>(OutputGradients[at], Outputs[at]);
}

/// <summary>Forward: 8 samples × 4 outputs of a tile of 128 × 16.</summary>
internal struct OutputSums<TKind> : ISums<ThreeTiles> where TKind : struct, IPrototypeKind
{
    public const int Log2Rows4 = 5, Log2Columns4 = 2;

    private Accumulators _sums;

    public void Add(ThreeTiles tiles, int thread)
    {
        for (int d = 0; d < Tiles.Depth; d++)
            Add(tiles.Rows, tiles.Points, tiles.Weights, d, thread);
    }

    /// <summary>Adds the terms of one input.</summary>
    private void Add(ArrayView<Float4> x, ArrayView<Float4> points, ArrayView<Float4> weights, int depth, int thread)
    {
        ArrayView<Float4> rows = x.SubView(depth * Tiles.Stride4(Log2Rows4) + (thread >> 2));
        int column = depth * Tiles.Stride4(Log2Columns4) + (thread & 3);
        Float4 top = rows[0], bottom = rows[16], point = points[column], weight = weights[column];
        _sums.R0 = Add(_sums.R0, top.X, point, weight);
        _sums.R1 = Add(_sums.R1, top.Y, point, weight);
        _sums.R2 = Add(_sums.R2, top.Z, point, weight);
        _sums.R3 = Add(_sums.R3, top.W, point, weight);
        _sums.R4 = Add(_sums.R4, bottom.X, point, weight);
        _sums.R5 = Add(_sums.R5, bottom.Y, point, weight);
        _sums.R6 = Add(_sums.R6, bottom.Z, point, weight);
        _sums.R7 = Add(_sums.R7, bottom.W, point, weight);
    }

    /// <summary>Hands the sums on.</summary>
    public readonly void Store<TTarget>(TTarget target, int row, int column4, int thread) where TTarget : struct, ITarget
    {
        int first = row + (thread >> 2 << 2);
        _sums.Store(target, first, first + 64, column4 + (thread & 3), slice: 0);
    }

    private static Float4 Add(Float4 sum, float x, Float4 point, Float4 weight) =>
        TKind.AddTerm<Float4Arithmetic, Float4>(sum, weight, Float4Arithmetic.Create(x) - point);
}

/// <summary>Gradient of the input: 8 samples × 4 inputs of a tile of 128 × 16, with the inputs themselves.</summary>
internal struct InputSums<TKind> : ISums<ThreeTiles> where TKind : struct, IPrototypeKind
{
    public const int Log2Rows4 = 5, Log2Columns4 = 2;

    private Accumulators _sums, _x;

    /// <summary>Loads the inputs.</summary>
    public void Load(FloatSource x, int row, int column4, int thread)
    {
        int first = row + (thread >> 2 << 2), column = column4 + (thread & 3);
        _x.R0 = Load(x, first, column);
        _x.R1 = Load(x, first + 1, column);
        _x.R2 = Load(x, first + 2, column);
        _x.R3 = Load(x, first + 3, column);
        _x.R4 = Load(x, first + 64, column);
        _x.R5 = Load(x, first + 65, column);
        _x.R6 = Load(x, first + 66, column);
        _x.R7 = Load(x, first + 67, column);
    }

    public void Add(ThreeTiles tiles, int thread)
    {
        for (int d = 0; d < Tiles.Depth; d++)
            Add(tiles.Rows, tiles.Points, tiles.Weights, d, thread);
    }

    private static Float4 Load(FloatSource x, int row, int column4) =>
        x.Decode(x.Load((long)IntrinsicMath.Min(row, x.Rows - 1) * x.Stride4 + column4));

    /// <summary>Adds the terms of one output.</summary>
    private void Add(ArrayView<Float4> ratios, ArrayView<Float4> points, ArrayView<Float4> weights, int depth, int thread)
    {
        ArrayView<Float4> rows = ratios.SubView(depth * Tiles.Stride4(Log2Rows4) + (thread >> 2));
        int column = depth * Tiles.Stride4(Log2Columns4) + (thread & 3);
        Float4 top = rows[0], bottom = rows[16], point = points[column], weight = weights[column];
        _sums.R0 = Add(_sums.R0, top.X, _x.R0 - point, weight);
        _sums.R1 = Add(_sums.R1, top.Y, _x.R1 - point, weight);
        _sums.R2 = Add(_sums.R2, top.Z, _x.R2 - point, weight);
        _sums.R3 = Add(_sums.R3, top.W, _x.R3 - point, weight);
        _sums.R4 = Add(_sums.R4, bottom.X, _x.R4 - point, weight);
        _sums.R5 = Add(_sums.R5, bottom.Y, _x.R5 - point, weight);
        _sums.R6 = Add(_sums.R6, bottom.Z, _x.R6 - point, weight);
        _sums.R7 = Add(_sums.R7, bottom.W, _x.R7 - point, weight);
    }

    /// <summary>Hands the sums on.</summary>
    public readonly void Store<TTarget>(TTarget target, int row, int column4, int thread) where TTarget : struct, ITarget
    {
        int first = row + (thread >> 2 << 2);
        _sums.Store(target, first, first + 64, column4 + (thread & 3), slice: 0);
    }

    private static Float4 Add(Float4 sum, float ratio, Float4 d, Float4 weight) =>
        Float4.MultiplyAdd(weight, TKind.Slope<Float4Arithmetic, Float4>(Float4Arithmetic.Create(ratio), d), sum);
}

/// <summary>Gradients of the parameters: 4 outputs × 4 inputs of a tile of 16 × 64, two sums each, with the points.</summary>
internal struct ParameterSums<TKind> : ISums<TwoTiles> where TKind : struct, IPrototypeKind
{
    public const int Log2Rows4 = 2, Log2Columns4 = 4;

    private Float4 _p0, _p1, _p2, _p3, _g0, _g1, _g2, _g3, _gd0, _gd1, _gd2, _gd3;

    /// <summary>Loads the points.</summary>
    public void Load(in ParameterTarget<TKind> target, int row, int column4, int thread)
    {
        int first = row + (thread >> 4 << 2), column = column4 + (thread & 15);
        if (column < target.Stride4)
        {
            _p0 = target.Points[first * target.Stride4 + column];
            _p1 = target.Points[(first + 1) * target.Stride4 + column];
            _p2 = target.Points[(first + 2) * target.Stride4 + column];
            _p3 = target.Points[(first + 3) * target.Stride4 + column];
        }
    }

    public void Add(TwoTiles tiles, int thread)
    {
        for (int d = 0; d < Tiles.Depth; d++)
            Add(tiles.Rows, tiles.Columns, d, thread);
    }

    /// <summary>Adds the terms of one sample.</summary>
    private void Add(ArrayView<Float4> ratios, ArrayView<Float4> x, int depth, int thread)
    {
        Float4 ratio = ratios[depth * Tiles.Stride4(Log2Rows4) + (thread >> 4)],
            value = x[depth * Tiles.Stride4(Log2Columns4) + (thread & 15)];
        Float4 d0 = value - _p0, d1 = value - _p1, d2 = value - _p2, d3 = value - _p3;
        Float4 g0 = Slopes(ratio.X, d0), g1 = Slopes(ratio.Y, d1), g2 = Slopes(ratio.Z, d2), g3 = Slopes(ratio.W, d3);
        _g0 += g0;
        _g1 += g1;
        _g2 += g2;
        _g3 += g3;
        _gd0 = Float4.MultiplyAdd(g0, d0, _gd0);
        _gd1 = Float4.MultiplyAdd(g1, d1, _gd1);
        _gd2 = Float4.MultiplyAdd(g2, d2, _gd2);
        _gd3 = Float4.MultiplyAdd(g3, d3, _gd3);
    }

    /// <summary>Hands the sums on.</summary>
    public readonly void Store(in ParameterTarget<TKind> target, int row, int column4, int slice, int thread)
    {
        int first = row + (thread >> 4 << 2), column = column4 + (thread & 15);
        if (column < target.Stride4)
        {
            target.Store(first, column, slice, _g0, _gd0);
            target.Store(first + 1, column, slice, _g1, _gd1);
            target.Store(first + 2, column, slice, _g2, _gd2);
            target.Store(first + 3, column, slice, _g3, _gd3);
        }
    }

    private static Float4 Slopes(float ratio, Float4 d) =>
        TKind.Slope<Float4Arithmetic, Float4>(Float4Arithmetic.Create(ratio), d);
}

/// <summary>Turns sums over samples into gradients and puts them into the slices; columns behind the inputs stay zero.</summary>
internal readonly record struct ParameterTarget<TKind>(
    GradientSlices Slices, ArrayView<Float4> Points, ArrayView<Float4> Weights, int PointOffset4, int WeightOffset4, int Stride4,
    int Inputs)
    where TKind : struct, IPrototypeKind
{
    public void Store(int row, int column4, int slice, Float4 g, Float4 gd)
    {
        int at = row * Stride4 + column4, end = Inputs - 4 * column4;
        Float4 parameter = Weights[at];
        Float4 ofPoint = Float4Arithmetic.Negate(TKind.Weight<Float4Arithmetic, Float4>(parameter));
        Float4 ofWeight = TKind.WeightSlope<Float4Arithmetic, Float4>(parameter);
        Slices.Put(slice, PointOffset4 + at, ofPoint.Before(end), g.Before(end));
        Slices.Put(slice, WeightOffset4 + at, ofWeight.Before(end), gd.Before(end));
    }
}
