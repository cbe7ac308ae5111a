namespace IlgpuDistance.Gpu.Networks;

/// <summary>Where the values of a tensor begin.</summary>
public abstract record InitialValues
{
    private protected InitialValues() { }
}

/// <summary>
/// Uniform in ±factor/√(fan-in), for a factor of 1 as PyTorch's <c>nn.Linear</c> draws weights and biases.
/// </summary>
/// <param name="Factor">The factor.</param>
public sealed record UniformValues(double Factor = 1) : InitialValues;

/// <summary>Normally distributed around 0.</summary>
/// <param name="Deviation">Standard deviation.</param>
public sealed record NormalValues(double Deviation) : InitialValues;

/// <summary>All the same.</summary>
/// <param name="Value">The value.</param>
public sealed record EqualValues(float Value) : InitialValues;
