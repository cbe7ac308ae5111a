using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Tests.Reference;

/// <summary>
/// A network in float64, one sample and one scalar at a time, straight from the formulas: the reference for what PyTorch's
/// figures do not cover. Its gradients are themselves checked against finite differences of its loss.
/// </summary>
/// <param name="plan">The network.</param>
/// <param name="parameters">In the host layout; whoever changes them changes the network.</param>
internal sealed class ReferenceNetwork(NetworkPlan plan, double[] parameters)
{
    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<ReferenceLayer> Layers
    {
        get;
    } = [.. plan.Layers.Select(layer => ReferenceLayer.For(layer, parameters))];

    /// <summary>
    /// The smallest |x| ≠ 0 at a kink of Abs or ReLU so far: float32 may fall on the other side of smaller ones.
    /// </summary>
    public double SmallestMargin { get; private set; } = double.PositiveInfinity;

    /// <summary>Loss, logits and gradients of samples as one batch.</summary>
    public ReferenceResult Run(Samples samples)
    {
        double loss = 0;
        int correct = 0;
        double[] logits = new double[samples.Count * plan.Classes], logitMagnitudes = new double[logits.Length];
        double[] gradients = new double[plan.ParameterCount], magnitudes = new double[plan.ParameterCount];
        for (int s = 0; s < samples.Count; s++)
        {
            double[][] activations = Forward(samples, s);
            activations[^1].CopyTo(logits, s * plan.Classes);
            double[] magnitude = [.. activations[0].Select(Math.Abs)];
            foreach (ReferenceLayer layer in Layers)
                magnitude = layer.Magnitude(magnitude);
            magnitude.CopyTo(logitMagnitudes, s * plan.Classes);

            int label = samples.Labels.Span[s];
            var (lossOfSample, isCorrect) = Loss(activations[^1], label);
            loss += lossOfSample;
            correct += isCorrect ? 1 : 0;
            double[] gradientsOfSample = new double[plan.ParameterCount];
            Backward(activations, label, 1.0 / samples.Count, gradientsOfSample);
            for (int n = 0; n < gradients.Length; n++)
            {
                gradients[n] += gradientsOfSample[n];
                magnitudes[n] += Math.Abs(gradientsOfSample[n]);
            }
        }
        return new ReferenceResult(loss / samples.Count, correct, logits, Norm(logitMagnitudes), gradients, Norm(magnitudes));
    }

    /// <summary>A sample's input and the output of each layer.</summary>
    public double[][] Forward(Samples samples, int sample)
    {
        List<double[]> activations =
        [
            [.. Enumerable.Range(sample * samples.Width, samples.Width).Select(n =>
                samples.Scale * (samples.IsBytes ? samples.Bytes.Span[n] : (double)samples.Floats.Span[n]) + samples.Shift)],
        ];
        foreach (ReferenceLayer layer in Layers)
        {
            double[] x = activations[^1];
            SmallestMargin = Math.Min(SmallestMargin, layer.KinkMargin(x));
            activations.Add(layer.Forward(x));
        }
        return [.. activations];
    }

    /// <summary>The logits from the input of a layer on.</summary>
    public double[] Logits(int firstLayer, double[] x) =>
        Layers.Skip(firstLayer).Aggregate(x, (input, layer) => layer.Forward(input));

    /// <summary>A sample's cross-entropy, and whether the first of the largest logits is that of its class.</summary>
    public static (double Loss, bool IsCorrect) Loss(double[] logits, int label)
    {
        double largest = logits.Max();
        return (Math.Log(logits.Sum(z => Math.Exp(z - largest))) + largest - logits[label],
            Array.IndexOf(logits, largest) == label);
    }

    /// <summary>Adds the gradients of a sample's loss, times its weight.</summary>
    /// <param name="activations">From <see cref="Forward"/>.</param>
    /// <param name="label">The sample's class.</param>
    /// <param name="weight">1 / samples for the gradient of the mean loss.</param>
    /// <param name="gradients">In the host layout.</param>
    /// <returns>The gradient of the input.</returns>
    public double[] Backward(double[][] activations, int label, double weight, double[] gradients)
    {
        double[] logits = activations[^1];
        double largest = logits.Max(), sum = logits.Sum(z => Math.Exp(z - largest));
        double[] dy = [.. logits.Select((z, j) => weight * (Math.Exp(z - largest) / sum - (j == label ? 1 : 0)))];
        for (int n = Layers.Count - 1; n >= 0; n--)
            dy = Layers[n].Backward(activations[n], activations[n + 1], dy, gradients);
        return dy;
    }

    /// <summary>
    /// The gradient of one output of a layer with respect to one sample's input; and what it would be if no terms of the sums
    /// over outputs cancelled.
    /// </summary>
    public (double[] Gradient, double[] Magnitude) InputGradient(Samples samples, int sample, int last, int output)
    {
        double[][] activations = Forward(samples, sample);
        double[] unwanted = new double[plan.ParameterCount];
        double[] gradient = new double[plan.Layers[last].Outputs], magnitude = new double[gradient.Length];
        gradient[output] = magnitude[output] = 1;
        for (int n = last; n >= 0; n--)
        {
            double[] sums = new double[plan.Layers[n].Inputs];
            for (int j = 0; j < magnitude.Length; j++)
            {
                if (magnitude[j] == 0)
                    continue;
                double[] one = new double[magnitude.Length];
                one[j] = magnitude[j];
                double[] terms = Layers[n].Backward(activations[n], activations[n + 1], one, unwanted);
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += Math.Abs(terms[i]);
            }
            gradient = Layers[n].Backward(activations[n], activations[n + 1], gradient, unwanted);
            magnitude = sums;
        }
        return (gradient, magnitude);
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
