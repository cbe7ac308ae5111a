namespace IlgpuDistance.Gpu.Networks;

/// <summary>Where the values of a tensor begin.</summary>
public abstract record InitialValues
{
    private protected InitialValues() { }
}

/// <summary>Uniform in ±1/√(fan-in), as PyTorch's <c>nn.Linear</c> draws weights and biases.</summary>
public sealed record UniformValues : InitialValues;

/// <summary>Normally distributed around 0.</summary>
/// <param name="Deviation">Standard deviation.</param>
public sealed record NormalValues(double Deviation) : InitialValues;

/// <summary>All the same.</summary>
/// <param name="Value">The value.</param>
public sealed record EqualValues(float Value) : InitialValues;
