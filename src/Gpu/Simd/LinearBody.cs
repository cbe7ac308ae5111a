using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Linear on dense samples: y = x W + b with W: [inputs, outputs] as the device holds it.
/// Backward: dW += xᵀ dy, db += Σ_s dy_s, dx = dy Wᵀ.
/// </summary>
internal sealed unsafe class LinearBody<TSimd, TVector> : LayerBody
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Wᵀ: [outputs, inputs], so that the input gradient reads it along the inputs. Of the first layer training needs no such
    // gradient.
    private readonly AlignedBuffer<float>? _transposed;

    public LinearBody(PlannedLayer planned, float* parameters) : base(planned, parameters)
    {
        if (planned.Index > 0)
            _transposed = new AlignedBuffer<float>((nuint)planned.Outputs * (nuint)planned.InputStride);
    }

    public override void Prepare(BlockedSamples samples, int part, int parts)
    {
        if (_transposed is null)
            return;
        float* weight = Parameter(ParameterRole.Weight);
        int inputStride = Planned.InputStride, outputStride = Planned.OutputStride;
        var (first, end) = Partition.Of(Planned.Outputs, part, parts);
        for (int o = first; o < end; o++)
        {
            float* row = _transposed.Pointer + (nint)o * inputStride;
            for (int i = 0; i < Planned.Inputs; i++)
                row[i] = weight[(nint)i * outputStride + o];
        }
    }

    public override void Forward(in Block block, float* x, float* y)
    {
        TiledProduct<TSimd, TVector>.Multiply(
            Parameter(ParameterRole.Bias), x, Planned.InputStride, 1, Parameter(ParameterRole.Weight), Planned.OutputStride,
            y, Planned.OutputStride, block.PaddedRows, Planned.Inputs, Planned.OutputStride);
    }

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        TiledProduct<TSimd, TVector>.Accumulate(
            x, 1, Planned.InputStride, dy, Planned.OutputStride, At(gradients, ParameterRole.Weight), Planned.OutputStride,
            Planned.Inputs, block.Rows, Planned.OutputStride);
        float* biasGradient = At(gradients, ParameterRole.Bias);
        if (biasGradient != null)
            Rows<TSimd, TVector>.AddSum(dy, block.Rows, Planned.OutputStride, Planned.OutputStride, biasGradient);
        if (dx == null)
            return;
        if (_transposed is null)
        {
            Rows<TSimd, TVector>.MultiplyTransposed(
                dy, block.Rows, Planned.OutputStride, Parameter(ParameterRole.Weight), Planned.Inputs, dx, Planned.InputStride);
        }
        else
        {
            TiledProduct<TSimd, TVector>.Multiply(
                null, dy, Planned.OutputStride, 1, _transposed.Pointer, Planned.InputStride, dx, Planned.InputStride,
                block.PaddedRows, Planned.Outputs, Planned.InputStride);
        }
    }

    public override void Dispose()
    {
        _transposed?.Dispose();
        base.Dispose();
    }
}
