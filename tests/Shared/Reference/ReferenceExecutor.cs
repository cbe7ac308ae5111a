using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Tests.Reference;

/// <summary>
/// An executor over <see cref="ReferenceNetwork"/>: what the training loop and the analyses can be tested on without a device.
/// </summary>
internal sealed class ReferenceExecutor : IExecutor
{
    private readonly double[] _parameters, _gradients;
    private readonly ReferenceNetwork _network;
    private ReferenceStep _step;
    private int _epochs;

    public ReferenceExecutor(NetworkPlan plan)
    {
        Plan = plan;
        (_parameters, _gradients) = (new double[plan.ParameterCount], new double[plan.ParameterCount]);
        _network = new ReferenceNetwork(plan, _parameters);
        _step = new ReferenceStep(plan, new Sgd(), RateFactors.None);
    }

    public NetworkPlan Plan { get; }

    /// <summary>Called with the number of the epoch, from 1, when it has been trained.</summary>
    public Action<int>? Trained { get; init; }

    /// <summary>The batches that were visited, all epochs in a row.</summary>
    public List<int> Visited { get; } = [];

    /// <summary>The learning rates of these.</summary>
    public List<float> Rates { get; } = [];

    /// <summary>Calls of <see cref="Evaluate"/>.</summary>
    public int Evaluations { get; private set; }

    public void SetParameters(ReadOnlySpan<float> parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
            _parameters[i] = parameters[i];
    }

    public void GetParameters(Span<float> parameters) => Round(_parameters, parameters);

    public void GetGradients(Span<float> gradients) => Round(_gradients, gradients);

    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue) =>
        new Uploaded(samples, Math.Min(batchSize, samples.Count));

    public void SetOptimizer(Optimizer optimizer, RateFactors? factors = null, OptimizerState? state = null) =>
        _step = new ReferenceStep(Plan, optimizer, factors ?? RateFactors.None, state);

    public OptimizerState GetOptimizerState() => _step.State;

    public PassMetrics TrainEpoch(IDeviceSamples samples,
        ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder = default)
    {
        int[] order = batchOrder.IsEmpty ? [.. Enumerable.Range(0, samples.BatchCount)] : batchOrder.ToArray();
        double lossSum = 0;
        int correct = 0;
        foreach (var (n, batch) in order.Index())
        {
            Visited.Add(batch);
            PassMetrics pass = ComputeGradients(samples, batch);
            lossSum += pass.LossSum;
            correct += pass.Correct;
            Rates.Add(learningRates[Math.Min(n, learningRates.Length - 1)]);
            _step.Take(_parameters, _gradients, Rates[^1]);
        }
        Trained?.Invoke(++_epochs);
        return new PassMetrics(lossSum, correct, samples.Count);
    }

    public PassMetrics ComputeGradients(IDeviceSamples samples, int batch = 0)
    {
        var uploaded = (Uploaded)samples;
        int first = batch * uploaded.BatchSize;
        int count = Math.Min(uploaded.BatchSize, samples.Count - first);
        double lossSum = 0;
        int correct = 0;
        Array.Clear(_gradients);
        for (int sample = first; sample < first + count; sample++)
        {
            int label = uploaded.Samples.Labels.Span[sample];
            double[][] activations = _network.Forward(uploaded.Samples, sample);
            var (loss, isCorrect) = ReferenceNetwork.Loss(activations[^1], label);
            lossSum += loss;
            correct += isCorrect ? 1 : 0;
            _network.Backward(activations, label, 1.0 / count, _gradients);
        }
        return new PassMetrics(lossSum, correct, count);
    }

    public void ReadInputGradients(IDeviceSamples samples, int layer, int output, Span<float> gradients)
    {
        Samples values = ((Uploaded)samples).Samples;
        for (int sample = 0; sample < values.Count; sample++)
        {
            Round(_network.InputGradient(values, sample, layer, output).Gradient,
                gradients.Slice(sample * Plan.Inputs, Plan.Inputs));
        }
    }

    public PassMetrics Evaluate(IDeviceSamples samples)
    {
        Evaluations++;
        Samples values = ((Uploaded)samples).Samples;
        var results = Enumerable.Range(0, values.Count)
            .Select(sample => ReferenceNetwork.Loss(_network.Forward(values, sample)[^1], values.Labels.Span[sample])).ToList();
        return new PassMetrics(results.Sum(result => result.Loss), results.Count(result => result.IsCorrect), values.Count);
    }

    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        Samples values = ((Uploaded)samples).Samples;
        int width = Plan.Layers[layer].Outputs;
        for (int sample = 0; sample < values.Count; sample++)
            Round(_network.Forward(values, sample)[layer + 1], activations.Slice(sample * width, width));
    }

    public IDeviceActivations Activations(IDeviceSamples samples, int layer)
    {
        Samples values = ((Uploaded)samples).Samples;
        float[] activations = new float[values.Count * Plan.Layers[layer].Outputs];
        ReadActivations(samples, layer, activations);
        return new ReferenceActivations(
            Plan.Layers[layer], activations, values.Labels.ToArray(), Plan.Classes, x => _network.Logits(layer + 1, x));
    }

    public void Dispose() { }

    private static void Round(double[] from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = (float)from[i];
    }

    private sealed record Uploaded(Samples Samples, int BatchSize) : IDeviceSamples
    {
        public int Count => Samples.Count;

        public void Dispose() { }
    }
}
