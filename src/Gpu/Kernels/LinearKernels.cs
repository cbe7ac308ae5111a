using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Linear: y_so = Σ_i x_si W_io + b_o, with W: [inputs, outputs] as the device holds it.
/// Backward: dW_io += Σ_s x_si dy_so, db_o += Σ_s dy_so, dx_si = Σ_o dy_so W_io.
/// One work-item per result; neighbouring work-items read neighbouring columns of W and dy.
/// </summary>
internal sealed class LinearKernels : KernelLayer
{
    // ------------------------------------------------------------------ kernels

    private static void ForwardKernel<TMatrix>(
        Index2D outputAndSample, TMatrix x, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> y, int inputs, int stride)
        where TMatrix : struct, IMatrix
    {
        int o = outputAndSample.X, s = outputAndSample.Y;
        float sum = bias.Length > 0 ? bias[o] : 0;
        for (int i = 0; i < inputs; i++)
            sum += x.Get(s, i) * weight[(long)i * stride + o];
        y[(long)s * stride + o] = sum;
    }

    private static void WeightGradientKernel<TMatrix>(
        Index2D outputAndInput, TMatrix x, ArrayView<float> dy, ArrayView<float> weightGradient, int rows, int stride)
        where TMatrix : struct, IMatrix
    {
        int o = outputAndInput.X, i = outputAndInput.Y;
        float sum = 0;
        for (int s = 0; s < rows; s++)
            sum += x.Get(s, i) * dy[(long)s * stride + o];
        weightGradient[(long)i * stride + o] += sum;
    }

    private static void BiasGradientKernel(Index1D o, ArrayView<float> dy, ArrayView<float> biasGradient, int rows, int stride)
    {
        float sum = 0;
        for (int s = 0; s < rows; s++)
            sum += dy[(long)s * stride + o];
        biasGradient[o] += sum;
    }

    private static void InputGradientKernel(
        Index2D inputAndSample, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> dx, int outputs, int stride, int inputStride)
    {
        int i = inputAndSample.X, s = inputAndSample.Y;
        float sum = 0;
        for (int o = 0; o < outputs; o++)
            sum += dy[(long)s * stride + o] * weight[(long)i * stride + o];
        dx[(long)s * inputStride + i] = sum;
    }

    // ------------------------------------------------------------------ launchers

    private readonly Lazy<Products<FloatMatrix>> _floats;
    private readonly Lazy<Products<ScaledFloatMatrix>> _sampleFloats;
    private readonly Lazy<Products<ScaledByteMatrix>> _sampleBytes;
    private readonly Action<Index1D, ArrayView<float>, ArrayView<float>, int, int> _biasGradient;
    private readonly Action<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int> _inputGradient;

    public LinearKernels(PlannedLayer planned, Accelerator accelerator) : base(planned)
    {
        _floats = new(() => new(accelerator, planned));
        _sampleFloats = new(() => new(accelerator, planned));
        _sampleBytes = new(() => new(accelerator, planned));
        _biasGradient = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, int, int>(BiasGradientKernel);
        _inputGradient = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int>(InputGradientKernel);
    }

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters)
    {
        ArrayView<float> weight = Tensor(parameters, ParameterRole.Weight), bias = Tensor(parameters, ParameterRole.Bias);
        SampleRows samples = x.Samples;
        if (!x.IsSamples)
            _floats.Value.Forward(new FloatMatrix(x.Floats, Planned.InputStride), x.Rows, weight, bias, y);
        else if (samples.Bytes.Length > 0)
            _sampleBytes.Value.Forward(new(samples.Bytes, Planned.Inputs, samples.Scale, samples.Shift), x.Rows, weight, bias, y);
        else
            _sampleFloats.Value.Forward(new(samples.Floats, Planned.Inputs, samples.Scale, samples.Shift), x.Rows, weight, bias, y);
    }

    public override void Backward(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters,
        ArrayView<float> gradients)
    {
        ArrayView<float> weightGradient = Tensor(gradients, ParameterRole.Weight), biasGradient = Tensor(gradients, ParameterRole.Bias);
        SampleRows samples = x.Samples;
        if (!x.IsSamples)
            _floats.Value.WeightGradient(new FloatMatrix(x.Floats, Planned.InputStride), x.Rows, dy, weightGradient);
        else if (samples.Bytes.Length > 0)
            _sampleBytes.Value.WeightGradient(new(samples.Bytes, Planned.Inputs, samples.Scale, samples.Shift), x.Rows, dy, weightGradient);
        else
            _sampleFloats.Value.WeightGradient(new(samples.Floats, Planned.Inputs, samples.Scale, samples.Shift), x.Rows, dy, weightGradient);

        if (biasGradient.Length > 0)
            _biasGradient(Planned.Outputs, dy, biasGradient, x.Rows, Planned.OutputStride);
        if (dx.Length > 0)
        {
            ArrayView<float> weight = Tensor(parameters, ParameterRole.Weight);
            _inputGradient(
                new Index2D(Planned.Inputs, x.Rows), dy, weight, dx, Planned.Outputs, Planned.OutputStride, Planned.InputStride);
        }
    }

    /// <summary>The two products that read the input, compiled for one kind of it.</summary>
    private sealed class Products<TMatrix>(Accelerator accelerator, PlannedLayer planned) where TMatrix : struct, IMatrix
    {
        private readonly Action<Index2D, TMatrix, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int> _forward =
            accelerator.LoadAutoGroupedStreamKernel<
                Index2D, TMatrix, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int>(ForwardKernel);

        private readonly Action<Index2D, TMatrix, ArrayView<float>, ArrayView<float>, int, int> _weightGradient =
            accelerator.LoadAutoGroupedStreamKernel<
                Index2D, TMatrix, ArrayView<float>, ArrayView<float>, int, int>(WeightGradientKernel);

        public void Forward(TMatrix x, int rows, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> y) =>
            _forward(new Index2D(planned.Outputs, rows), x, weight, bias, y, planned.Inputs, planned.OutputStride);

        public void WeightGradient(TMatrix x, int rows, ArrayView<float> dy, ArrayView<float> weightGradient) =>
            _weightGradient(new Index2D(planned.Outputs, planned.Inputs), x, dy, weightGradient, rows, planned.OutputStride);
    }
}
