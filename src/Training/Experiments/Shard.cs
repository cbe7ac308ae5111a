namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// A share of the runs of an experiment, for a process that is one of several: of the runs, counted model by model, each
/// <see cref="Count"/>-th, so that every share has about as many of each model. A run depends on nothing but its own setup:
/// any number of shares makes the same runs with the same bits.
/// </summary>
/// <param name="Number">Which share it is, from 1.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Shard(int Number, int Count)
{
    /// <summary>Whether a run belongs to the share.</summary>
    /// <param name="model">The place of its model in the list of models, from 0.</param>
    /// <param name="run">Which of the model's runs it is, from 0.</param>
    /// <param name="runs">Runs per model.</param>
    public bool Has(int model, int run, int runs) => NumberOf(model, run, runs, Count) == Number;

    /// <summary>To which of some shares a run belongs, from 1.</summary>
    /// <inheritdoc cref="Has"/>
    public static int NumberOf(int model, int run, int runs, int count) => (int)(((long)model * runs + run) % count) + 1;

    /// <summary>The share as users write it.</summary>
    public override string ToString() => $"{Number}/{Count}";
}
