using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Tests;

/// <summary>
/// Every layer in float64 on the host, one sample after the other, straight from the equations: what the executors on
/// devices are to agree with, and what the training loop can be tested on without a device.
/// </summary>
internal sealed class ReferenceExecutor(NetworkPlan plan) : IExecutor
{
    private readonly double[] _parameters = new double[plan.ParameterCount];
    private readonly double[] _gradients = new double[plan.ParameterCount];

    private sealed record Uploaded(Samples Samples, int BatchSize) : IDeviceSamples
    {
        public int Count => Samples.Count;

        public void Dispose() { }
    }

    public NetworkPlan Plan => plan;

    /// <summary>Called with the number of the epoch, from 1, when it has been trained.</summary>
    public Action<int>? Trained { get; init; }

    /// <summary>The batches that were visited, all epochs in a row.</summary>
    public List<int> Visited { get; } = [];

    /// <summary>Calls of <see cref="Evaluate"/>.</summary>
    public int Evaluations { get; private set; }

    private int _epochs;

    public void SetParameters(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            _parameters[i] = values[i];
    }

    public void GetParameters(Span<float> values) => Round(_parameters, values);

    public void GetGradients(Span<float> values) => Round(_gradients, values);

    public IDeviceSamples Upload(Samples samples, int batchSize = int.MaxValue) => new Uploaded(samples, Math.Min(batchSize, samples.Count));

    public PassMetrics TrainEpoch(IDeviceSamples samples, float learningRate, ReadOnlySpan<int> batchOrder = default)
    {
        var uploaded = (Uploaded)samples;
        int[] order = batchOrder.IsEmpty ? [.. Enumerable.Range(0, samples.BatchCount)] : batchOrder.ToArray();
        double lossSum = 0;
        int correct = 0;
        foreach (int batch in order)
        {
            Visited.Add(batch);
            int first = batch * uploaded.BatchSize;
            int count = Math.Min(uploaded.BatchSize, samples.Count - first);
            Array.Clear(_gradients);
            for (int sample = first; sample < first + count; sample++)
            {
                double[][] layers = Forward(uploaded.Samples, sample);
                var (loss, hit) = Loss(layers[^1], uploaded.Samples.Labels.Span[sample]);
                lossSum += loss;
                correct += hit ? 1 : 0;
                Backward(layers, uploaded.Samples.Labels.Span[sample], 1.0 / count);
            }
            for (int i = 0; i < _parameters.Length; i++)
                _parameters[i] -= learningRate * _gradients[i];
        }
        Trained?.Invoke(++_epochs);
        return new PassMetrics(lossSum, correct, samples.Count);
    }

    public PassMetrics Evaluate(IDeviceSamples samples)
    {
        Evaluations++;
        Samples values = ((Uploaded)samples).Samples;
        var results = Enumerable.Range(0, values.Count).Select(i => Loss(Forward(values, i)[^1], values.Labels.Span[i])).ToList();
        return new PassMetrics(results.Sum(result => result.Loss), results.Count(result => result.Hit), values.Count);
    }

    public void ReadActivations(IDeviceSamples samples, int layer, Span<float> activations)
    {
        Samples values = ((Uploaded)samples).Samples;
        int width = plan.Layers[layer].Outputs;
        for (int i = 0; i < values.Count; i++)
            Round(Forward(values, i)[layer + 1], activations.Slice(i * width, width));
    }

    public IDeviceActivations Activations(IDeviceSamples samples, int layer)
    {
        Samples values = ((Uploaded)samples).Samples;
        float[] activations = new float[values.Count * plan.Layers[layer].Outputs];
        ReadActivations(samples, layer, activations);
        return new ReferenceActivations(plan.Layers[layer], activations, values.Labels.ToArray(), plan.Classes, x => Tail(layer + 1, x));
    }

    public void Dispose() { }

    /// <summary>The input and the output of each layer.</summary>
    private double[][] Forward(Samples samples, int sample)
    {
        double[] x = new double[samples.Width];
        for (int i = 0; i < x.Length; i++)
        {
            int at = sample * samples.Width + i;
            x[i] = samples.Scale * (samples.IsBytes ? samples.Bytes.Span[at] : (double)samples.Floats.Span[at]) + samples.Shift;
        }
        var layers = new List<double[]> { x };
        foreach (PlannedLayer layer in plan.Layers)
            layers.Add([.. Enumerable.Range(0, layer.Outputs).Select(j => Output(layer, layers[^1], j))]);
        return [.. layers];
    }

    /// <summary>The logits from the input of a layer on.</summary>
    private double[] Tail(int first, double[] x)
    {
        foreach (PlannedLayer layer in plan.Layers.Skip(first))
        {
            double[] input = x;
            x = [.. Enumerable.Range(0, layer.Outputs).Select(j => Output(layer, input, j))];
        }
        return x;
    }

    private double Output(PlannedLayer layer, double[] x, int j) => layer.Layer switch
    {
        Linear => Sum(x, i => P(layer, ParameterRole.Weight, j, i) * x[i]) + (layer.Find(ParameterRole.Bias) is { } bias ? _parameters[bias.Offset + j] : 0),
        Abs => Math.Abs(x[j]),
        ReLU => Math.Max(x[j], 0),
        Neg => -x[j],
        OffsetL2 l2 => Math.Sqrt(Math.Max(SquaredDistance(layer, l2, x, j), OffsetL2.SmallestSquaredDistance)),
        PointSlope => Sum(x, i => P(layer, ParameterRole.Weight, j, i) * (x[i] - P(layer, ParameterRole.Offset, j, i))),
        _ => throw new NotSupportedException(layer.Layer.ToString()),
    };

    private double SquaredDistance(PlannedLayer layer, OffsetL2 l2, double[] x, int j) => Sum(x, i =>
    {
        double alpha = P(layer, ParameterRole.Alpha, j, i), d = x[i] - P(layer, ParameterRole.Mu, j, i);
        return (l2.Form == OffsetL2Form.Paper ? alpha * alpha : alpha) * d * d;
    });

    private static (double Loss, bool Hit) Loss(double[] logits, int label)
    {
        double largest = logits.Max();
        return (Math.Log(logits.Sum(z => Math.Exp(z - largest))) + largest - logits[label], Array.IndexOf(logits, largest) == label);
    }

    private void Backward(double[][] layers, int label, double weight)
    {
        double[] logits = layers[^1];
        double largest = logits.Max(), sum = logits.Sum(z => Math.Exp(z - largest));
        double[] dy = [.. logits.Select((z, j) => weight * (Math.Exp(z - largest) / sum - (j == label ? 1 : 0)))];
        foreach (PlannedLayer layer in plan.Layers.Reverse())
            dy = Backward(layer, layers[layer.Index], layers[layer.Index + 1], dy);
    }

    /// <summary>Adds to the gradients of the layer's parameters and returns that of its input.</summary>
    private double[] Backward(PlannedLayer layer, double[] x, double[] y, double[] dy)
    {
        if (layer.Tensors.Count == 0)
        {
            return [.. x.Select((value, i) => dy[i] * (layer.Layer switch
            {
                Abs => Math.Sign(value),
                ReLU => value > 0 ? 1 : 0,
                _ => -1,
            }))];
        }
        double[] dx = new double[x.Length];
        for (int j = 0; j < y.Length; j++)
        {
            if (layer.Find(ParameterRole.Bias) is { } bias)
                _gradients[bias.Offset + j] += dy[j];
            if (layer.Layer is OffsetL2 clamped && SquaredDistance(layer, clamped, x, j) < OffsetL2.SmallestSquaredDistance)
                continue;
            for (int i = 0; i < x.Length; i++)
                dx[i] += BackwardOne(layer, j, i, x[i], y[j], dy[j]);
        }
        return dx;
    }

    private double BackwardOne(PlannedLayer layer, int j, int i, double x, double y, double dy)
    {
        switch (layer.Layer)
        {
            case Linear:
                G(layer, ParameterRole.Weight, j, i) += dy * x;
                return dy * P(layer, ParameterRole.Weight, j, i);
            case PointSlope:
                double slope = P(layer, ParameterRole.Weight, j, i);
                G(layer, ParameterRole.Weight, j, i) += dy * (x - P(layer, ParameterRole.Offset, j, i));
                G(layer, ParameterRole.Offset, j, i) -= dy * slope;
                return dy * slope;
            case OffsetL2 l2:
                bool paper = l2.Form == OffsetL2Form.Paper;
                double alpha = P(layer, ParameterRole.Alpha, j, i), d = x - P(layer, ParameterRole.Mu, j, i);
                double toInput = dy * (paper ? alpha * alpha : alpha) * d / y;
                G(layer, ParameterRole.Alpha, j, i) += dy * (paper ? alpha : 0.5) * d * d / y;
                G(layer, ParameterRole.Mu, j, i) -= toInput;
                return toInput;
            default:
                throw new NotSupportedException(layer.Layer.ToString());
        }
    }

    private double P(PlannedLayer layer, ParameterRole role, int j, int i) => _parameters[Index(layer, role, j, i)];

    private ref double G(PlannedLayer layer, ParameterRole role, int j, int i) => ref _gradients[Index(layer, role, j, i)];

    private static int Index(PlannedLayer layer, ParameterRole role, int j, int i) => layer.Find(role)!.Offset + j * layer.Inputs + i;

    private static double Sum(double[] x, Func<int, double> term) => Enumerable.Range(0, x.Length).Sum(term);

    private static void Round(double[] from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = (float)from[i];
    }
}
