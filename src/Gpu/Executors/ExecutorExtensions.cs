namespace IlgpuDistance.Gpu.Executors;

/// <summary>What every executor can do with the methods that it has.</summary>
public static class ExecutorExtensions
{
    /// <summary><see cref="IExecutor.TrainEpoch"/> with one learning rate for all batches.</summary>
    /// <inheritdoc cref="IExecutor.TrainEpoch"/>
    /// <param name="executor">The executor.</param>
    /// <param name="samples">From its <see cref="IExecutor.Upload"/>.</param>
    /// <param name="learningRate">Learning rate.</param>
    /// <param name="batchOrder">The batches to visit, in order; empty means all in their own order.</param>
    public static PassMetrics TrainEpoch(
        this IExecutor executor, IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default) =>
        executor.TrainEpoch(samples, [learningRate], batchOrder);
}
