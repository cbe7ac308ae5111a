using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>This program's SIMD executor.</summary>
internal sealed class SimdEpochs : IEpochs
{
    private readonly float _learningRate;
    private readonly ComputeDevice _device;
    private readonly IExecutor _executor;
    private readonly IDeviceSamples _train, _test;

    /// <param name="plan">The network.</param>
    /// <param name="parameters">Its parameters before the first epoch.</param>
    /// <param name="workload">The samples.</param>
    /// <param name="batchSize">Samples per step; more than there are mean all.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="learningRate">The learning rate.</param>
    public SimdEpochs(
        NetworkPlan plan, ReadOnlySpan<float> parameters, Workload workload, int batchSize, int threads, float learningRate)
    {
        _learningRate = learningRate;
        _device = ComputeDevice.Open("cpu", threads);
        _executor = new ExecutorFactory(_device).Create(plan);
        _executor.SetParameters(parameters);
        _train = _executor.Upload(workload.Train, batchSize);
        _test = _executor.Upload(workload.Test);
    }

    /// <summary>
    /// Parameters after some full-batch epochs on all threads: subnormal numbers and dead nodes come with training.
    /// </summary>
    public static float[] Trained(NetworkPlan plan, float[] parameters, Workload workload, int epochs, float learningRate)
    {
        if (epochs == 0)
            return parameters;
        using ComputeDevice device = ComputeDevice.Open("cpu");
        using IExecutor executor = new ExecutorFactory(device).Create(plan);
        using IDeviceSamples train = executor.Upload(workload.Train);
        executor.SetParameters(parameters);
        for (int epoch = 0; epoch < epochs; epoch++)
            executor.TrainEpoch(train, learningRate);
        float[] trained = new float[plan.ParameterCount];
        executor.GetParameters(trained);
        return trained;
    }

    public EpochLosses Run(int batches = int.MaxValue)
    {
        int[] order = [.. Enumerable.Range(0, Math.Min(batches, _train.BatchCount))];
        PassMetrics train = _executor.TrainEpoch(_train, _learningRate, order), test = _executor.Evaluate(_test);
        return new EpochLosses(train.Loss, test.Loss);
    }

    public void Dispose()
    {
        _train.Dispose();
        _test.Dispose();
        _executor.Dispose();
        _device.Dispose();
    }
}
