using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Training.Analysis;

/// <summary>
/// Finds the image that lies closest to a prototype, with nothing but the backward pass of training: the image is the bias of a
/// Linear layer in front of the network, where gradients are those of the pixels. A second prototype with α = 0 is at the
/// distance 0 from everything, up to the clamp, and the only sample has its class; so the loss log(1 + exp(y)) grows with the
/// distance y of the first one, and with nothing else.
/// </summary>
internal sealed class ClosestInputSearch : IDisposable
{
    private const int MostSteps = 400;

    /// <summary>The first step moves no pixel by more than this part of the range.</summary>
    private const double FirstMove = 0.05;

    /// <summary>A step that moves no pixel by more than this part of the range ends the search.</summary>
    private const double LeastMove = 1e-5;

    private readonly AnalysisSubject _subject;
    private readonly IExecutor _executor;
    private readonly IDeviceSamples _sample;
    private readonly float[] _parameters;
    private readonly ParameterTensor _image, _mu, _alpha;
    private readonly float _black, _white;

    /// <summary>Prepares searches for the prototypes of a network's OffsetL2 layer.</summary>
    public ClosestInputSearch(AnalysisSubject subject, int layer)
    {
        _subject = subject;
        Layer[] front = [.. subject.Plan.Network.Layers.Take(layer)];
        var form = ((OffsetL2)subject.Plan.Layers[layer].Layer).Form;
        NetworkPlan plan = NetworkPlan.Compile(new Network([new Linear(subject.Plan.Inputs), .. front, new OffsetL2(2, form)]), inputs: 1, classes: 2);
        _image = plan.Layers[0].Find(ParameterRole.Bias)!;
        _mu = plan.Layers[^1].Find(ParameterRole.Mu)!;
        _alpha = plan.Layers[^1].Find(ParameterRole.Alpha)!;
        _parameters = new float[plan.ParameterCount];
        int behindImage = _image.Offset + _image.Count;
        subject.Parameters.AsSpan(0, _mu.Offset - behindImage).CopyTo(_parameters.AsSpan(behindImage));
        _black = subject.Scaling.Shift;
        _white = 255 * subject.Scaling.Scale + subject.Scaling.Shift;
        _executor = subject.CreateExecutor(plan);
        _sample = _executor.Upload(new Samples(new float[1], new byte[] { 1 }, width: 1));
    }

    /// <summary>Descends from an image, with pixels between 0 and 255.</summary>
    /// <param name="mu">The prototype.</param>
    /// <param name="alpha">Its weights.</param>
    /// <param name="start">The grey values to begin with.</param>
    public ClosestInput From(ReadOnlySpan<float> mu, ReadOnlySpan<float> alpha, byte[] start)
    {
        mu.CopyTo(_parameters.AsSpan(_mu.Offset));
        alpha.CopyTo(_parameters.AsSpan(_alpha.Offset));
        float[] image = [.. start.Select(pixel => _subject.Scaling.Scale * pixel + _subject.Scaling.Shift)];
        float[] gradient = new float[image.Length], tried = new float[image.Length], triedGradient = new float[image.Length];
        double loss = Measure(image, gradient);
        float startDistance = Distance();
        double range = _white - _black, step = FirstMove * range / Largest(gradient);
        int steps = 0;
        while (steps < MostSteps && double.IsFinite(step))
        {
            double move = 0;
            for (int i = 0; i < image.Length; i++)
            {
                tried[i] = (float)Math.Clamp(image[i] - step * gradient[i], _black, _white);
                move = Math.Max(move, Math.Abs(tried[i] - image[i]));
            }
            if (move < LeastMove * range)
                break;
            double triedLoss = Measure(tried, triedGradient);
            steps++;
            if (triedLoss < loss)
            {
                (loss, image, tried) = (triedLoss, tried, image);
                (gradient, triedGradient) = (triedGradient, gradient);
                step *= 1.5;
            }
            else
            {
                step /= 3;
            }
        }
        _ = Measure(image, gradient);
        byte[] pixels = [.. image.Select(value => (byte)Math.Clamp(Math.Round((value - _subject.Scaling.Shift) / _subject.Scaling.Scale), 0, 255))];
        return new ClosestInput(pixels, Distance(), startDistance, steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sample.Dispose();
        _executor.Dispose();
    }

    /// <summary>The loss of an image, and the gradient of its pixels as the network sees them.</summary>
    private double Measure(float[] image, float[] gradient)
    {
        image.CopyTo(_parameters, _image.Offset);
        _executor.SetParameters(_parameters);
        double loss = _executor.TrainEpoch(_sample, learningRate: 0).Loss;
        float[] gradients = new float[_parameters.Length];
        _executor.GetGradients(gradients);
        gradients.AsSpan(_image.Offset, _image.Count).CopyTo(gradient);
        return loss;
    }

    private float Distance()
    {
        float[] distances = new float[2];
        _executor.ReadActivations(_sample, _executor.Plan.Layers.Count - 1, distances);
        return distances[0];
    }

    private static double Largest(float[] values) => values.Max(Math.Abs);
}
