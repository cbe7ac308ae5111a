using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The layers that compare the input with a point p_j per output: [outputs, inputs], each input weighted with a_ji.
/// With d = x_i − p_ji:
/// <list type="bullet">
/// <item>OffsetL2, paper form: y_j = sqrt(max(Σ_i a d², 1e-12)), p = μ, a = α²</item>
/// <item>OffsetL2, reference form: the same with a = α</item>
/// <item>PointSlope: y_j = Σ_i a d, p = c, a = w</item>
/// </list>
/// Backward, with s_j = dy_j / y_j (0 where clamped) and g = s_j d for OffsetL2, g = s_j = dy_j for PointSlope:
/// dx_i = Σ_j g a, dp_ji = −a Σ_s g, and of Σ_s g d: dα = α · (paper), dα = ½ · (reference), dw = 1 · (PointSlope).
/// </summary>
/// <remarks>
/// The square is never expanded: x² − 2xp + p² cancels in float32 where x lies near p. Tiles of 4 samples share each load
/// of p and a. <see cref="Backward"/> collects Σ g and Σ g d in the places of the gradients of p and of the weights;
/// <see cref="FinishGradients"/> applies the factors once.
/// </remarks>
internal sealed unsafe class PrototypeBody<TKind, TSimd, TVector> : LayerBody
    where TKind : struct, IPrototypeKind
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly ParameterRole _weightRole, _pointRole;

    // a where it differs from the weights themselves (paper form: α²), else null.
    private readonly AlignedBuffer<float>? _squaredWeights;

    // 1 for outputs, 0 for padding: [OutputStride].
    private readonly AlignedBuffer<float> _mask;

    public PrototypeBody(PlannedLayer planned, float* parameters) : base(planned, parameters)
    {
        (_pointRole, _weightRole) = TKind.IsDistance
            ? (ParameterRole.Mu, ParameterRole.Alpha)
            : (ParameterRole.Offset, ParameterRole.Weight);
        if (TKind.SquaresWeights)
            _squaredWeights = new AlignedBuffer<float>((nuint)planned.Find(_weightRole)!.DeviceCount);
        _mask = new AlignedBuffer<float>((nuint)planned.OutputStride);
        new Span<float>(_mask.Pointer, planned.Outputs).Fill(1);
    }

    private float* Weights => _squaredWeights is null ? Parameter(_weightRole) : _squaredWeights.Pointer;

    public override void Prepare(BlockedSamples samples, int part, int parts)
    {
        if (_squaredWeights is null)
            return;
        var (first, end) = Partition.Of(Planned.Outputs, part, parts);
        float* alpha = Parameter(_weightRole);
        for (nint n = (nint)first * Planned.InputStride; n < (nint)end * Planned.InputStride; n += TSimd.Count)
        {
            TVector a = TSimd.Load(alpha + n);
            TSimd.Store(TSimd.Multiply(a, a), _squaredWeights.Pointer + n);
        }
    }

    public override void ForwardSums(in Block block, float* x, float* y)
    {
        int inputs = Planned.InputStride, outputs = Planned.OutputStride;
        for (int r = 0; r < block.Rows; r += 4)
        {
            // Outputs in pairs: the rows of padding behind an odd last one are there, and zero.
            for (int j = 0; j < Planned.Outputs; j += 2)
                SumPair(x + (nint)r * inputs, (nint)j * inputs, y + (nint)r * outputs + j);
        }
    }

    public override void Forward(in Block block, float* x, float* y)
    {
        ForwardSums(block, x, y);
        if (!TKind.IsDistance)
            return;
        int outputs = Planned.OutputStride;
        TVector smallest = TSimd.Create(OffsetL2.SmallestSquaredDistance);
        for (int r = 0; r < block.PaddedRows; r++, y += outputs)
        {
            for (int n = 0; n < outputs; n += TSimd.Count)
            {
                TVector root = TSimd.Sqrt(TSimd.Max(TSimd.Load(y + n), smallest));
                TSimd.Store(TSimd.Multiply(root, TSimd.Load(_mask.Pointer + n)), y + n);
            }
        }
    }

    /// <summary>The sums over the inputs for 4 samples and outputs j and j + 1.</summary>
    private void SumPair(float* x0, nint row, float* y)
    {
        int inputs = Planned.InputStride, outputs = Planned.OutputStride;
        float* x1 = x0 + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
        float* p = Parameter(_pointRole) + row, q = p + inputs, a = Weights + row, b = a + inputs;
        TVector s0 = TSimd.Zero, s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        for (int i = 0; i < inputs; i += TSimd.Count)
        {
            TVector point = TSimd.Load(p + i), weight = TSimd.Load(a + i);
            TVector v0 = TSimd.Load(x0 + i), v1 = TSimd.Load(x1 + i), v2 = TSimd.Load(x2 + i), v3 = TSimd.Load(x3 + i);
            s0 = Add(s0, TSimd.Subtract(v0, point), weight);
            s1 = Add(s1, TSimd.Subtract(v1, point), weight);
            s2 = Add(s2, TSimd.Subtract(v2, point), weight);
            s3 = Add(s3, TSimd.Subtract(v3, point), weight);
            point = TSimd.Load(q + i);
            weight = TSimd.Load(b + i);
            t0 = Add(t0, TSimd.Subtract(v0, point), weight);
            t1 = Add(t1, TSimd.Subtract(v1, point), weight);
            t2 = Add(t2, TSimd.Subtract(v2, point), weight);
            t3 = Add(t3, TSimd.Subtract(v3, point), weight);
        }
        y[0] = TSimd.Sum(s0);
        y[1] = TSimd.Sum(t0);
        y[outputs] = TSimd.Sum(s1);
        y[outputs + 1] = TSimd.Sum(t1);
        y[2 * outputs] = TSimd.Sum(s2);
        y[2 * outputs + 1] = TSimd.Sum(t2);
        y[3 * outputs] = TSimd.Sum(s3);
        y[3 * outputs + 1] = TSimd.Sum(t3);
    }

    private static TVector Add(TVector sum, TVector d, TVector weight) =>
        TSimd.MultiplyAdd(TKind.IsDistance ? TSimd.Multiply(weight, d) : weight, d, sum);

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        ToSlopes(block, y, dy);
        float* pointSums = At(gradients, _pointRole), weightSums = At(gradients, _weightRole);
        for (int i = 0; i < Planned.InputStride; i += TSimd.Count)
        {
            for (int r = 0; r < block.Rows; r += 4)
            {
                nint at = (nint)r * Planned.InputStride + i;
                BackwardTile(x + at, dy + (nint)r * Planned.OutputStride, dx == null ? null : dx + at, i, pointSums, weightSums);
            }
        }
    }

    /// <summary>dy becomes s: dy / y, or 0 where the distance is clamped. Rows of a tile behind the last sample become 0.</summary>
    private void ToSlopes(in Block block, float* y, float* dy)
    {
        int outputs = Planned.OutputStride;
        if (TKind.IsDistance)
        {
            TVector smallest = TSimd.Create(MathF.Sqrt(OffsetL2.SmallestSquaredDistance));
            for (nint n = 0; n < (nint)block.Rows * outputs; n += TSimd.Count)
            {
                TVector distance = TSimd.Load(y + n);
                TSimd.Store(TSimd.WhereGreater(distance, smallest, TSimd.Divide(TSimd.Load(dy + n), distance)), dy + n);
            }
        }
        Rows<TSimd, TVector>.Fill(dy + (nint)block.Rows * outputs, block.PaddedRows - block.Rows, outputs, null);
    }

    /// <summary>One vector of inputs, beginning at i, for 4 samples and all outputs.</summary>
    private void BackwardTile(float* x, float* s, float* dx, int i, float* pointSums, float* weightSums)
    {
        int inputs = Planned.InputStride, outputs = Planned.OutputStride;
        float* p = Parameter(_pointRole), a = Weights;
        TVector x0 = TSimd.Load(x), x1 = TSimd.Load(x + inputs), x2 = TSimd.Load(x + 2 * inputs), x3 = TSimd.Load(x + 3 * inputs);
        TVector dx0 = TSimd.Zero, dx1 = dx0, dx2 = dx0, dx3 = dx0;
        nint at = i;
        for (int j = 0; j < Planned.Outputs; j++, at += inputs)
        {
            TVector point = TSimd.Load(p + at), weight = TSimd.Load(a + at);
            TVector pointSum = TSimd.Load(pointSums + at), weightSum = TSimd.Load(weightSums + at);

            TVector d = TSimd.Subtract(x0, point);
            TVector g = Slope(TSimd.Create(s[j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx0 = TSimd.MultiplyAdd(g, weight, dx0);

            d = TSimd.Subtract(x1, point);
            g = Slope(TSimd.Create(s[outputs + j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx1 = TSimd.MultiplyAdd(g, weight, dx1);

            d = TSimd.Subtract(x2, point);
            g = Slope(TSimd.Create(s[2 * outputs + j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx2 = TSimd.MultiplyAdd(g, weight, dx2);

            d = TSimd.Subtract(x3, point);
            g = Slope(TSimd.Create(s[3 * outputs + j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx3 = TSimd.MultiplyAdd(g, weight, dx3);

            TSimd.Store(pointSum, pointSums + at);
            TSimd.Store(weightSum, weightSums + at);
        }
        if (dx != null)
        {
            TSimd.Store(dx0, dx);
            TSimd.Store(dx1, dx + inputs);
            TSimd.Store(dx2, dx + 2 * inputs);
            TSimd.Store(dx3, dx + 3 * inputs);
        }
    }

    private static TVector Slope(TVector s, TVector d) => TKind.IsDistance ? TSimd.Multiply(s, d) : s;

    public override void FinishGradients(BlockedSamples samples, float* gradients)
    {
        float* pointSums = At(gradients, _pointRole), weightSums = At(gradients, _weightRole);
        float* alpha = Parameter(_weightRole), a = Weights;
        TVector half = TSimd.Create(0.5f);
        for (nint n = 0; n < (nint)Planned.Outputs * Planned.InputStride; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Negate(TSimd.Multiply(TSimd.Load(a + n), TSimd.Load(pointSums + n))), pointSums + n);
            if (TKind.IsDistance)
            {
                TVector factor = TKind.SquaresWeights ? TSimd.Load(alpha + n) : half;
                TSimd.Store(TSimd.Multiply(factor, TSimd.Load(weightSums + n)), weightSums + n);
            }
        }
    }

    public override void Dispose()
    {
        _squaredWeights?.Dispose();
        _mask.Dispose();
        base.Dispose();
    }
}

/// <summary>Which of the three layers <see cref="PrototypeBody{TKind, TSimd, TVector}"/> is.</summary>
internal interface IPrototypeKind
{
    /// <summary>Whether it is a distance (d² under a root), else d itself is summed.</summary>
    static abstract bool IsDistance { get; }

    /// <summary>Whether the weights enter squared.</summary>
    static abstract bool SquaresWeights { get; }
}

/// <summary>OffsetL2, paper form.</summary>
internal readonly struct PaperDistance : IPrototypeKind
{
    public static bool IsDistance => true;
    public static bool SquaresWeights => true;
}

/// <summary>OffsetL2, reference form.</summary>
internal readonly struct ReferenceDistance : IPrototypeKind
{
    public static bool IsDistance => true;
    public static bool SquaresWeights => false;
}

/// <summary>PointSlope.</summary>
internal readonly struct PointSlopeSum : IPrototypeKind
{
    public static bool IsDistance => false;
    public static bool SquaresWeights => false;
}
