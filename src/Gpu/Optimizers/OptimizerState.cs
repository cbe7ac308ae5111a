namespace IlgpuDistance.Gpu.Optimizers;

/// <summary>What an optimizer keeps from step to step, so that a training can go on elsewhere.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="Tensors">One for each name of <see cref="Optimizer.State"/>, in the host layout of the plan.</param>
public sealed record OptimizerState(long Steps, IReadOnlyList<StateTensor> Tensors)
{
    /// <summary>Before the first step, where all tensors are zero.</summary>
    public static OptimizerState Beginning { get; } = new(0, []);
}

/// <summary>A tensor of an optimizer's state.</summary>
/// <param name="Name">Its name in <see cref="Optimizer.State"/>.</param>
/// <param name="Values">[parameters] in the host layout of the plan.</param>
public sealed record StateTensor(string Name, float[] Values);
