using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>Layers that compare the input with a point per output, with the formulas of <see cref="IPrototypeKind"/>.</summary>
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

    // a where it differs from its parameter, else null.
    private readonly AlignedBuffer<float>? _derivedWeights;

    // 1 for outputs, 0 for padding: [OutputStride].
    private readonly AlignedBuffer<float> _mask;

    public PrototypeBody(PlannedLayer planned, float* parameters) : base(planned, parameters)
    {
        var layer = (PrototypeLayer)planned.Layer;
        (_pointRole, _weightRole) = (layer.PointRole, layer.WeightRole);
        if (!TKind.WeightIsParameter)
            _derivedWeights = new AlignedBuffer<float>((nuint)planned.Find(_weightRole)!.DeviceCount);
        _mask = new AlignedBuffer<float>((nuint)planned.OutputStride);
        new Span<float>(_mask.Pointer, planned.Outputs).Fill(1);
    }

    private float* Weights => _derivedWeights is null ? Parameter(_weightRole) : _derivedWeights.Pointer;

    public override void Prepare(BlockedSamples samples, int part, int parts)
    {
        if (_derivedWeights is null)
            return;
        var (first, end) = Partition.Of(Planned.Outputs, part, parts);
        float* parameter = Parameter(_weightRole);
        for (nint n = (nint)first * Planned.InputStride; n < (nint)end * Planned.InputStride; n += TSimd.Count)
            TSimd.Store(TKind.Weight<TSimd, TVector>(TSimd.Load(parameter + n)), _derivedWeights.Pointer + n);
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
        if (TKind.OutputIsSum)
            return;
        int outputs = Planned.OutputStride;
        for (int r = 0; r < block.PaddedRows; r++, y += outputs)
        {
            for (int n = 0; n < outputs; n += TSimd.Count)
            {
                TVector output = TKind.Output<TSimd, TVector>(TSimd.Load(y + n));
                TSimd.Store(TSimd.Multiply(output, TSimd.Load(_mask.Pointer + n)), y + n);
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
            s0 = TKind.AddTerm<TSimd, TVector>(s0, weight, TSimd.Subtract(v0, point));
            s1 = TKind.AddTerm<TSimd, TVector>(s1, weight, TSimd.Subtract(v1, point));
            s2 = TKind.AddTerm<TSimd, TVector>(s2, weight, TSimd.Subtract(v2, point));
            s3 = TKind.AddTerm<TSimd, TVector>(s3, weight, TSimd.Subtract(v3, point));
            point = TSimd.Load(q + i);
            weight = TSimd.Load(b + i);
            t0 = TKind.AddTerm<TSimd, TVector>(t0, weight, TSimd.Subtract(v0, point));
            t1 = TKind.AddTerm<TSimd, TVector>(t1, weight, TSimd.Subtract(v1, point));
            t2 = TKind.AddTerm<TSimd, TVector>(t2, weight, TSimd.Subtract(v2, point));
            t3 = TKind.AddTerm<TSimd, TVector>(t3, weight, TSimd.Subtract(v3, point));
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

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        ToRatios(block, y, dy);
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

    /// <summary>dy becomes r. Rows of a tile behind the last sample become 0.</summary>
    private void ToRatios(in Block block, float* y, float* dy)
    {
        int outputs = Planned.OutputStride;
        if (!TKind.OutputIsSum)
        {
            for (nint n = 0; n < (nint)block.Rows * outputs; n += TSimd.Count)
                TSimd.Store(TKind.Ratio<TSimd, TVector>(TSimd.Load(dy + n), TSimd.Load(y + n)), dy + n);
        }
        Rows<TSimd, TVector>.Fill(dy + (nint)block.Rows * outputs, block.PaddedRows - block.Rows, outputs, null);
    }

    /// <summary>One vector of inputs, beginning at i, for 4 samples and all outputs.</summary>
    private void BackwardTile(float* x, float* ratios, float* dx, int i, float* pointSums, float* weightSums)
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
            TVector g = TKind.Slope<TSimd, TVector>(TSimd.Create(ratios[j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx0 = TSimd.MultiplyAdd(g, weight, dx0);

            d = TSimd.Subtract(x1, point);
            g = TKind.Slope<TSimd, TVector>(TSimd.Create(ratios[outputs + j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx1 = TSimd.MultiplyAdd(g, weight, dx1);

            d = TSimd.Subtract(x2, point);
            g = TKind.Slope<TSimd, TVector>(TSimd.Create(ratios[2 * outputs + j]), d);
            pointSum = TSimd.Add(pointSum, g);
            weightSum = TSimd.MultiplyAdd(g, d, weightSum);
            dx2 = TSimd.MultiplyAdd(g, weight, dx2);

            d = TSimd.Subtract(x3, point);
            g = TKind.Slope<TSimd, TVector>(TSimd.Create(ratios[3 * outputs + j]), d);
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

    public override void FinishGradients(BlockedSamples samples, float* gradients)
    {
        float* pointSums = At(gradients, _pointRole), weightSums = At(gradients, _weightRole);
        float* parameter = Parameter(_weightRole), a = Weights;
        for (nint n = 0; n < (nint)Planned.Outputs * Planned.InputStride; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Negate(TSimd.Multiply(TSimd.Load(a + n), TSimd.Load(pointSums + n))), pointSums + n);
            TVector factor = TKind.WeightSlope<TSimd, TVector>(TSimd.Load(parameter + n));
            TSimd.Store(TSimd.Multiply(factor, TSimd.Load(weightSums + n)), weightSums + n);
        }
    }

    public override void Dispose()
    {
        _derivedWeights?.Dispose();
        _mask.Dispose();
        base.Dispose();
    }
}
