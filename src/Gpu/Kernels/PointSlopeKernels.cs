using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// PointSlope: y_sj = Σ_i w_ji (x_si − c_ji), with w, c: [outputs, inputs].
/// Backward: dx_si = Σ_j dy_sj w_ji, dw_ji += Σ_s dy_sj (x_si − c_ji), dc_ji −= w_ji Σ_s dy_sj.
/// </summary>
internal sealed class PointSlopeKernels : KernelLayer
{
    // ------------------------------------------------------------------ kernels

    private static void ForwardKernel(
        Index2D outputAndSample, ArrayView<float> x, ArrayView<float> slope, ArrayView<float> offset, ArrayView<float> y,
        int inputs, int inputStride, int stride)
    {
        int j = outputAndSample.X, s = outputAndSample.Y;
        float sum = 0;
        for (int i = 0; i < inputs; i++)
        {
            long at = (long)j * inputStride + i;
            sum += slope[at] * (x[(long)s * inputStride + i] - offset[at]);
        }
        y[(long)s * stride + j] = sum;
    }

    private static void InputGradientKernel(
        Index2D inputAndSample, ArrayView<float> slope, ArrayView<float> dy, ArrayView<float> dx, int outputs, int inputStride, int stride)
    {
        int i = inputAndSample.X, s = inputAndSample.Y;
        float sum = 0;
        for (int j = 0; j < outputs; j++)
            sum += dy[(long)s * stride + j] * slope[(long)j * inputStride + i];
        dx[(long)s * inputStride + i] = sum;
    }

    private static void ParameterGradientKernel(
        Index2D inputAndOutput, ArrayView<float> x, ArrayView<float> slope, ArrayView<float> offset, ArrayView<float> dy,
        ArrayView<float> slopeGradient, ArrayView<float> offsetGradient, int rows, int inputStride, int stride)
    {
        int i = inputAndOutput.X, j = inputAndOutput.Y;
        long at = (long)j * inputStride + i;
        float point = offset[at], sum = 0, slopeSum = 0;
        for (int s = 0; s < rows; s++)
        {
            float outputGradient = dy[(long)s * stride + j];
            sum += outputGradient;
            slopeSum += outputGradient * (x[(long)s * inputStride + i] - point);
        }
        slopeGradient[at] += slopeSum;
        offsetGradient[at] -= slope[at] * sum;
    }

    // ------------------------------------------------------------------ launchers

    private readonly Action<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int> _forward;
    private readonly Action<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int> _inputGradient;
    private readonly Action<
        Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
        ArrayView<float>, int, int, int> _parameterGradient;

    public PointSlopeKernels(PlannedLayer planned, Accelerator accelerator) : base(planned)
    {
        _forward = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int>(ForwardKernel);
        _inputGradient = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int>(InputGradientKernel);
        _parameterGradient = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
            ArrayView<float>, int, int, int>(ParameterGradientKernel);
    }

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters) =>
        _forward(
            new Index2D(Planned.Outputs, x.Rows), x.Floats, Tensor(parameters, ParameterRole.Weight), Tensor(parameters, ParameterRole.Offset), y,
            Planned.Inputs, Planned.InputStride, Planned.OutputStride);

    public override void Backward(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters,
        ArrayView<float> gradients)
    {
        ArrayView<float> slope = Tensor(parameters, ParameterRole.Weight), offset = Tensor(parameters, ParameterRole.Offset);
        _parameterGradient(
            new Index2D(Planned.Inputs, Planned.Outputs), x.Floats, slope, offset, dy,
            Tensor(gradients, ParameterRole.Weight), Tensor(gradients, ParameterRole.Offset), x.Rows, Planned.InputStride, Planned.OutputStride);
        if (dx.Length > 0)
            _inputGradient(new Index2D(Planned.Inputs, x.Rows), slope, dy, dx, Planned.Outputs, Planned.InputStride, Planned.OutputStride);
    }
}
