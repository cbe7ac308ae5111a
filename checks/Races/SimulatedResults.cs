using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Syntax;

namespace IlgpuDistance.Checks.Races;

/// <summary>What an executor computes in a case.</summary>
internal sealed class SimulatedResults
{
    /// <summary>Largest difference from the SIMD executor, relative to the largest value.</summary>
    private const double Tolerance = 1e-4;

    private readonly List<(string What, double[] Values)> _results = [];

    private SimulatedResults() { }

    /// <summary>Runs a case.</summary>
    /// <param name="case">The case.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="beginPass">Called before launches that read what the host or kernels wrote to new buffers.</param>
    public static SimulatedResults Of(SimulatedCase @case, IExecutor executor, Action beginPass)
    {
        var results = new SimulatedResults();
        executor.SetParameters(SimulatedCase.Parameters(executor.Plan));
        using IDeviceSamples samples = executor.Upload(@case.Samples());
        beginPass();
        if (@case.Observed is { } layer)
            results.Analyse(executor, samples, layer, beginPass);
        else
            results.Train(executor, samples, beginPass);
        foreach (CallSyntax<Optimizer> syntax in @case.HasAllOptimizers ? Optimizer.All : [])
            results.Train(executor, samples, syntax.Default, beginPass);
        return results;
    }

    /// <summary>A line for each result that differs.</summary>
    public IEnumerable<string> DifferencesTo(SimulatedResults actual) =>
        _results.Zip(actual._results, (expected, other) => Compare(expected.What, expected.Values, other.Values))
            .OfType<string>();

    /// <summary>One step of training, one evaluation, and the gradients after the step.</summary>
    private void Train(IExecutor executor, IDeviceSamples samples, Action beginPass)
    {
        PassMetrics training = executor.TrainEpoch(samples, learningRate: 0.01f);
        float[] gradients = new float[executor.Plan.ParameterCount], parameters = new float[executor.Plan.ParameterCount];
        executor.GetGradients(gradients);
        executor.GetParameters(parameters);
        beginPass();
        PassMetrics evaluation = executor.Evaluate(samples);
        beginPass();
        PassMetrics differentiated = executor.ComputeGradients(samples);
        float[] later = new float[gradients.Length], ofInput = new float[samples.Count * executor.Plan.Inputs];
        executor.GetGradients(later);
        beginPass();
        executor.ReadInputGradients(samples, executor.Plan.Layers.Count - 1, output: 1, ofInput);
        Add("loss", [training.LossSum]);
        Add("right predictions", [training.Correct]);
        Add("gradients", gradients);
        Add("parameters", parameters);
        Add("loss after the step", [evaluation.LossSum]);
        Add("loss after the step with gradients", [differentiated.LossSum]);
        Add("gradients after the step", later);
        Add("gradients of the input", ofInput);
    }

    /// <summary>Two steps of an optimizer, with rates of their own for the weights.</summary>
    private void Train(IExecutor executor, IDeviceSamples samples, Optimizer optimizer, Action beginPass)
    {
        executor.SetOptimizer(optimizer, RateFactors.Parse("weight=0.5"));
        beginPass();
        executor.TrainEpoch(samples, learningRate: 0.01f);
        beginPass();
        executor.TrainEpoch(samples, learningRate: 0.01f);
        float[] parameters = new float[executor.Plan.ParameterCount];
        executor.GetParameters(parameters);
        Add($"parameters after steps of {optimizer}", parameters);
        foreach (StateTensor tensor in executor.GetOptimizerState().Tensors)
            Add($"{tensor.Name} of {optimizer}", tensor.Values);
    }

    /// <summary>All that can be asked of a layer's outputs.</summary>
    private void Analyse(IExecutor executor, IDeviceSamples samples, int layer, Action beginPass)
    {
        using IDeviceActivations activations = executor.Activations(samples, layer);
        float[] centers = [.. Enumerable.Range(0, executor.Plan.Classes * activations.Width).Select(n => n % 5 / 4f)];
        ActivationSums sums = activations.Sum(threshold: 0.25f, centers);
        Add("numbers of active samples", sums.Active);
        Add("smallest activations", sums.Smallest);
        Add("largest activations", sums.Largest);
        Add("sums", sums.Sums);
        Add("sums of squares", sums.SquareSums);
        int last = activations.Width - 1;
        Add("histogram", activations.Histogram(last, lowest: 0.125f, highest: 1, bins: 30));

        using IDeviceRanks ranks = activations.Rank();
        beginPass();
        Add("sums of ranks", ranks.SumByClass());
        Add("sums of products of ranks", ranks.SumProducts(ranks));
        Add("samples in order", ranks.SamplesAt(last, 0, ranks.Count));

        (float Lowest, float Highest)[] limits = [(0.25f, float.PositiveInfinity), (float.NegativeInfinity, 0.5f), (0.5f, 0.5f)];
        foreach (int[] nodes in (int[][])[[.. Enumerable.Range(0, activations.Width)], [Clamp.AllNodes]])
        {
            beginPass();
            Add("right predictions of clamped networks", activations.CountCorrect(
                [.. nodes.SelectMany(node => limits.Select(limit => new Clamp(limit.Lowest, limit.Highest, node)))]));
        }
    }

    private void Add<T>(string what, T[] values) where T : System.Numerics.INumber<T> =>
        _results.Add((what, [.. values.Select(double.CreateChecked)]));

    private static string? Compare(string what, double[] expected, double[] actual)
    {
        double scale = expected.Max(Math.Abs);
        double difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        return difference <= Tolerance * scale
            ? null
            : $"{what}: differs by {difference:g3} from the SIMD executor's, of at most {scale:g3}";
    }
}
