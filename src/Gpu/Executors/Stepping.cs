using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Executors;

/// <summary>How an executor steps, and how often it has.</summary>
/// <param name="plan">What it runs.</param>
internal sealed class Stepping(NetworkPlan plan)
{
    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; private set; } = new Sgd();

    /// <summary>Factors of the learning rate.</summary>
    public RateFactors Factors { get; private set; } = RateFactors.None;

    /// <summary>Steps taken with the optimizer.</summary>
    public long Steps { get; set; }

    /// <summary>Floats of the optimizer's state in the device layout.</summary>
    public long StateLength => (long)Optimizer.State.Count * plan.DeviceParameterCount;

    /// <summary>Begins with another optimizer.</summary>
    /// <returns>Its tensors in the device layout, one after the other.</returns>
    /// <exception cref="Errors.InputException">An argument of the optimizer cannot be used.</exception>
    /// <exception cref="ArgumentException">The state is that of another optimizer or plan.</exception>
    public float[] Begin(Optimizer optimizer, RateFactors? factors, OptimizerState? state)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.Check();
        state ??= OptimizerState.Beginning;
        if ((state.Steps > 0 || state.Tensors.Count > 0)
            && !state.Tensors.Select(tensor => tensor.Name).SequenceEqual(optimizer.State))
        {
            throw new ArgumentException(
                $"the state has {Listed(state.Tensors.Select(tensor => tensor.Name))}; \"{optimizer}\" keeps " +
                    $"{Listed(optimizer.State)}", nameof(state));
        }
        if (state.Tensors.FirstOrDefault(tensor => tensor.Values.Length != plan.ParameterCount) is { } wrong)
        {
            throw new ArgumentException(
                $"the state has {wrong.Values.Length:N0} values of {wrong.Name}; \"{plan.Network}\" with {plan.Inputs} " +
                    $"inputs has {plan.ParameterCount:N0} parameters",
                nameof(state));
        }
        (Optimizer, Factors, Steps) = (optimizer, factors ?? RateFactors.None, state.Steps);
        float[] values = new float[StateLength];
        foreach (var (n, tensor) in state.Tensors.Index())
            plan.ToDevice(tensor.Values, values.AsSpan(n * plan.DeviceParameterCount, plan.DeviceParameterCount));
        return values;
    }

    /// <summary>The state, from its tensors in the device layout.</summary>
    public OptimizerState ToHost(ReadOnlySpan<float> values)
    {
        var tensors = new List<StateTensor>();
        foreach (string name in Optimizer.State)
        {
            float[] tensor = new float[plan.ParameterCount];
            plan.ToHost(values.Slice(tensors.Count * plan.DeviceParameterCount, plan.DeviceParameterCount), tensor);
            tensors.Add(new StateTensor(name, tensor));
        }
        return new OptimizerState(Steps, tensors);
    }

    private static string Listed(IEnumerable<string> names) => names.Any() ? string.Join(" and ", names) : "none";
}
