using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Networks;
namespace IlgpuDistance.Gpu.Execution;
/// <summary>x</summary>
public sealed class KernelExecutor : IExecutor
{
    /// <summary>x</summary>
    public KernelExecutor(NetworkPlan plan, ComputeDevice device) => throw new NotSupportedException();
    /// <inheritdoc/>
    public NetworkPlan Plan => throw new NotSupportedException();
    /// <inheritdoc/>
    public void Dispose() { }
    /// <inheritdoc/>
    public PassMetrics Evaluate(IDeviceSamples samples) => throw new NotSupportedException();
    /// <inheritdoc/>
    public void GetGradients(Span<float> gradients) => throw new NotSupportedException();
    /// <inheritdoc/>
    public void GetParameters(Span<float> parameters) => throw new NotSupportedException();
    /// <inheritdoc/>
    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations) => throw new NotSupportedException();
    /// <inheritdoc/>
    public void SetParameters(ReadOnlySpan<float> parameters) => throw new NotSupportedException();
    /// <inheritdoc/>
    public PassMetrics TrainEpoch(IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default) => throw new NotSupportedException();
    /// <inheritdoc/>
    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue) => throw new NotSupportedException();
}
