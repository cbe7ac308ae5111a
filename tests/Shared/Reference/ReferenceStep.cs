using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Tests.Reference;

/// <summary>The steps of an optimizer in float64, as its authors write them.</summary>
internal sealed class ReferenceStep
{
    private readonly NetworkPlan _plan;
    private readonly Optimizer _optimizer;
    private readonly RateFactors _factors;
    private readonly double[][] _state;
    private long _steps;

    public ReferenceStep(NetworkPlan plan, Optimizer optimizer, RateFactors? factors = null, OptimizerState? state = null)
    {
        (_plan, _optimizer, _factors) = (plan, optimizer, factors ?? RateFactors.None);
        _state = [.. optimizer.State.Select(name =>
            state?.Tensors.FirstOrDefault(tensor => tensor.Name == name)?.Values.Select(value => (double)value).ToArray()
                ?? new double[plan.ParameterCount])];
        _steps = state?.Steps ?? 0;
    }

    /// <summary>What it keeps.</summary>
    public OptimizerState State => new(
        _steps, [.. _optimizer.State.Zip(
            _state, (name, values) => new StateTensor(name, [.. values.Select(value => (float)value)]))]);

    /// <summary>Takes a step.</summary>
    public void Take(double[] parameters, double[] gradients, double learningRate)
    {
        _steps++;
        foreach (ParameterTensor tensor in _plan.Tensors)
        {
            for (int n = tensor.Offset; n < tensor.Offset + tensor.Count; n++)
                Take(ref parameters[n], gradients[n], learningRate * _factors[tensor.Role], n);
        }
    }

    private void Take(ref double p, double g, double rate, int n)
    {
        switch (_optimizer)
        {
            case Sgd sgd:
                p -= rate * (g + sgd.WeightDecay * p);
                break;
            case Momentum momentum:
                ref double velocity = ref _state[0][n];
                g += momentum.WeightDecay * p;
                velocity = momentum.Factor * velocity + g;
                p -= rate * (momentum.Nesterov ? g + momentum.Factor * velocity : velocity);
                break;
            case Adam adam:
                ref double mean = ref _state[0][n], variance = ref _state[1][n];
                mean = adam.Beta1 * mean + (1 - adam.Beta1) * g;
                variance = adam.Beta2 * variance + (1 - adam.Beta2) * g * g;
                double unbiasedMean = mean / (1 - Math.Pow(adam.Beta1, _steps)),
                    unbiasedVariance = variance / (1 - Math.Pow(adam.Beta2, _steps));
                p -= rate * adam.WeightDecay * p + rate * unbiasedMean / (Math.Sqrt(unbiasedVariance) + adam.Epsilon);
                break;
            default:
                throw new NotSupportedException($"{_optimizer} has no reference");
        }
    }
}
