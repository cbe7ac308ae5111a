using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// The layers that treat every value by itself, one work-item per value:
/// Abs y = |x|, dx = sign(x) dy; ReLU y = max(x, 0), dx = [x &gt; 0] dy; Neg y = −x, dx = −dy. At x = 0 the derivative of
/// Abs and ReLU is 0. All map 0 to 0, so padding may be computed along.
/// </summary>
internal sealed class ElementwiseKernels : KernelLayer
{
    // ------------------------------------------------------------------ kernels

    private static void AbsKernel(Index1D n, ArrayView<float> x, ArrayView<float> y) => y[n] = x[n] < 0 ? -x[n] : x[n];

    private static void AbsGradientKernel(Index1D n, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dx) =>
        dx[n] = x[n] > 0 ? dy[n] : x[n] < 0 ? -dy[n] : 0;

    // Written so that a NaN stays one.
    private static void ReLUKernel(Index1D n, ArrayView<float> x, ArrayView<float> y) => y[n] = x[n] <= 0 ? 0 : x[n];

    private static void ReLUGradientKernel(Index1D n, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dx) =>
        dx[n] = x[n] > 0 ? dy[n] : 0;

    private static void NegKernel(Index1D n, ArrayView<float> x, ArrayView<float> y) => y[n] = -x[n];

    private static void NegGradientKernel(Index1D n, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> dx) => dx[n] = -dy[n];

    // ------------------------------------------------------------------ launchers

    private readonly Action<Index1D, ArrayView<float>, ArrayView<float>> _forward;
    private readonly Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>> _backward;

    public ElementwiseKernels(PlannedLayer planned, Accelerator accelerator) : base(planned)
    {
        (Action<Index1D, ArrayView<float>, ArrayView<float>> forward,
            Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>> backward) = planned.Layer switch
            {
                Abs => (AbsKernel, AbsGradientKernel),
                ReLU => (ReLUKernel, ReLUGradientKernel),
                Neg => ((Action<Index1D, ArrayView<float>, ArrayView<float>>)NegKernel,
                    (Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>>)NegGradientKernel),
                _ => throw new NotSupportedException($"{planned.Layer} is not elementwise"),
            };
        _forward = accelerator.LoadAutoGroupedStreamKernel(forward);
        _backward = accelerator.LoadAutoGroupedStreamKernel(backward);
    }

    public override void Forward(in LayerInput x, ArrayView<float> y, ArrayView<float> parameters) =>
        _forward(x.Rows * Planned.OutputStride, x.Floats, y);

    public override void Backward(
        in LayerInput x, ArrayView<float> y, ArrayView<float> dy, ArrayView<float> dx, ArrayView<float> parameters,
        ArrayView<float> gradients)
    {
        if (dx.Length > 0)
            _backward(x.Rows * Planned.OutputStride, x.Floats, dy, dx);
    }
}
