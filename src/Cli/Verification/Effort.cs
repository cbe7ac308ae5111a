namespace IlgpuDistance.Cli.Verification;

/// <summary>How much a verification does.</summary>
/// <param name="RandomNetworks">Random networks.</param>
/// <param name="CurveEpochs">Epochs of the learning curves.</param>
/// <param name="TimedModels">The models whose times are taken.</param>
/// <param name="TimedEpochs">Epochs with timers, and as many without.</param>
internal sealed record Effort(int RandomNetworks, int CurveEpochs, IReadOnlyList<string> TimedModels, int TimedEpochs)
{
    /// <summary>A few minutes at the most, on a slow device.</summary>
    public static Effort Whole { get; } = new(40, 500, ["ReLU", "Abs2-Neg", "Abs-L2-Neg"], 10);

    /// <summary>Under a minute.</summary>
    public static Effort Quick { get; } = new(6, 50, ["Abs-L2-Neg"], 3);
}
