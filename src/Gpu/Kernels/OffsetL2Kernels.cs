using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// OffsetL2: y_sj = sqrt(max(Σ_i a_ji (x_si − μ_ji)², 1e-12)), where a = α² (paper form) or a = α (reference form), with
/// μ, α: [outputs, inputs]. Backward, with r_sj = dy_sj / y_sj (0 where clamped) and d = x_si − μ_ji:
/// dx_si = Σ_j r_sj a_ji d, dμ_ji −= a_ji Σ_s r_sj d, and
/// dα_ji += α_ji Σ_s r_sj d² (paper form) or ½ Σ_s r_sj d² (reference form).
/// </summary>
/// <remarks>The square is not expanded: x² − 2xμ + μ² cancels in float32 where x lies near μ.</remarks>
internal sealed class OffsetL2Kernels : KernelLayer
{
    // ------------------------------------------------------------------ kernels

    private static void ForwardKernel(
        Index2D outputAndSample, ArrayView<float> x, ArrayView<float> mu, ArrayView<float> alpha, ArrayView<float> y,
        int inputs, int inputStride, int stride, int isPaperForm)
    {
        int j = outputAndSample.X, s = outputAndSample.Y;
        float sum = 0;
        for (int i = 0; i < inputs; i++)
        {
            long at = (long)j * inputStride + i;
            float d = x[(long)s * inputStride + i] - mu[at];
            sum += Weight(alpha[at], isPaperForm) * d * d;
        }
        y[(long)s * stride + j] = XMath.Sqrt(sum < OffsetL2.SmallestSquaredDistance ? OffsetL2.SmallestSquaredDistance : sum);
    }

    private static void InputGradientKernel(
        Index2D inputAndSample, ArrayView<float> x, ArrayView<float> mu, ArrayView<float> alpha, ArrayView<float> y, ArrayView<float> dy,
        ArrayView<float> dx, int outputs, int inputStride, int stride, int isPaperForm)
    {
        int i = inputAndSample.X, s = inputAndSample.Y;
        float value = x[(long)s * inputStride + i];
        float sum = 0;
        for (int j = 0; j < outputs; j++)
        {
            long at = (long)j * inputStride + i, output = (long)s * stride + j;
            sum += Ratio(dy[output], y[output]) * (value - mu[at]) * Weight(alpha[at], isPaperForm);
        }
        dx[(long)s * inputStride + i] = sum;
    }

    private static void ParameterGradientKernel(
        Index2D inputAndOutput, ArrayView<float> x, ArrayView<float> mu, ArrayView<float> alpha, ArrayView<float> y, ArrayView<float> dy,
        ArrayView<float> gradients, int muOffset, int alphaOffset, int rows, int inputStride, int stride, int isPaperForm)
    {
        int i = inputAndOutput.X, j = inputAndOutput.Y;
        long at = (long)j * inputStride + i;
        float prototype = mu[at], sum = 0, squareSum = 0;
        for (int s = 0; s < rows; s++)
        {
            long output = (long)s * stride + j;
            float d = x[(long)s * inputStride + i] - prototype;
            float slope = Ratio(dy[output], y[output]) * d;
            sum += slope;
            squareSum += slope * d;
        }
        gradients[muOffset + at] -= Weight(alpha[at], isPaperForm) * sum;
        gradients[alphaOffset + at] += (isPaperForm != 0 ? alpha[at] : 0.5f) * squareSum;
    }

    private static float Weight(float alpha, int isPaperForm) => isPaperForm != 0 ? alpha * alpha : alpha;

    // The root of the smallest squared distance marks the clamp: there the gradient is 0.
    private static float Ratio(float dy, float y) => y > 1e-6f ? dy / y : 0;

    // ------------------------------------------------------------------ launchers

    private readonly int _isPaperForm;
    private readonly Action<Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int> _forward;
    private readonly Action<
        Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
        ArrayView<float>, int, int, int, int> _inputGradient;
    private readonly Action<
        Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
        ArrayView<float>, int, int, int, int, int, int> _parameterGradient;

    public OffsetL2Kernels(PlannedLayer planned, Accelerator accelerator) : base(planned)
    {
        _isPaperForm = ((OffsetL2)planned.Layer).Form == OffsetL2Form.Paper ? 1 : 0;
        _forward = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, int, int, int>(ForwardKernel);
        _inputGradient = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
            ArrayView<float>, int, int, int, int>(InputGradientKernel);
        _parameterGradient = accelerator.LoadAutoGroupedStreamKernel<
            Index2D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>,
            ArrayView<float>, int, int, int, int, int, int>(ParameterGradientKernel);
    }

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters) =>
        _forward(
            new Index2D(Planned.Outputs, x.Rows), x.Floats, Tensor(parameters, ParameterRole.Mu), Tensor(parameters, ParameterRole.Alpha), y,
            Planned.Inputs, Planned.InputStride, Planned.OutputStride, _isPaperForm);

    public override void Backward(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters,
        ArrayView<float> gradients)
    {
        ArrayView<float> mu = Tensor(parameters, ParameterRole.Mu), alpha = Tensor(parameters, ParameterRole.Alpha);
        _parameterGradient(
            new Index2D(Planned.Inputs, Planned.Outputs), x.Floats, mu, alpha, y, dy, gradients,
            Planned.Find(ParameterRole.Mu)!.DeviceOffset, Planned.Find(ParameterRole.Alpha)!.DeviceOffset,
            x.Rows, Planned.InputStride, Planned.OutputStride, _isPaperForm);
        if (dx.Length > 0)
        {
            _inputGradient(
                new Index2D(Planned.Inputs, x.Rows), x.Floats, mu, alpha, y, dy, dx,
                Planned.Outputs, Planned.InputStride, Planned.OutputStride, _isPaperForm);
        }
    }
}
