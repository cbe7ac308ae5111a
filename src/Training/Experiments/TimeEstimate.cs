using IlgpuDistance.Training.Loop;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// How long an experiment will still take: the epochs that are left of each model, times a moving average of what an epoch
/// of it takes, divided among the trainings at the same time. Not thread-safe.
/// </summary>
internal sealed class TimeEstimate
{
    /// <summary>Weight of the newest epoch in the moving average.</summary>
    private const double NewestWeight = 0.02;

    private readonly int _jobs;
    private readonly double _epochs;
    private readonly Dictionary<string, ModelCost> _costs;
    private readonly Dictionary<PlannedRun, int> _left;

    /// <summary>An estimate before the first epoch.</summary>
    /// <param name="runs">All runs of the experiment, finished ones too.</param>
    /// <param name="costs">What was measured, by the models' folders, for every model with a run to train.</param>
    /// <param name="jobs">Trainings at the same time.</param>
    public TimeEstimate(IReadOnlyList<PlannedRun> runs, IReadOnlyDictionary<string, ModelCost> costs, int jobs)
    {
        _jobs = jobs;
        _epochs = runs.Sum(run => (double)run.Setup.Options.Epochs);
        _costs = new Dictionary<string, ModelCost>(costs);
        _left = runs.Where(run => run.Result is null).ToDictionary(run => run, run => run.Setup.Options.Epochs - run.EpochsDone);
    }

    /// <summary>Seconds until the end.</summary>
    public double Seconds
    {
        get
        {
            if (_left.Count == 0)
                return 0;
            double[] seconds = [.. _left.Select(pair => SecondsOf(pair.Key, pair.Value))];
            // At the end fewer runs are left than could be trained at the same time.
            return Math.Max(seconds.Sum() / _jobs, seconds.Max());
        }
    }

    /// <summary>The part of all epochs that is done, 0 to 1.</summary>
    public double Done => _epochs == 0 ? 1 : 1 - _left.Values.Sum() / _epochs;

    /// <summary>Seconds that an epoch of a model takes, as far as is known.</summary>
    public double SecondsPerEpoch(ExperimentModel model) => _costs[model.Folder].Epoch;

    /// <summary>Seconds until the end of one model's runs, if each were trained alone.</summary>
    public double SecondsOf(ExperimentModel model) =>
        _left.Where(pair => pair.Key.Model.Folder == model.Folder).Sum(pair => SecondsOf(pair.Key, pair.Value));

    /// <summary>Seconds until the end of a run.</summary>
    public double SecondsOf(PlannedRun run) => _left.TryGetValue(run, out int epochs) ? SecondsOf(run, epochs) : 0;

    /// <summary>Learns that an epoch has been trained.</summary>
    public void Add(PlannedRun run, EpochRecord record)
    {
        if (record.Epoch == 0)
            return;
        ModelCost cost = _costs[run.Model.Folder];
        _costs[run.Model.Folder] = cost with { Epoch = cost.Epoch + NewestWeight * (record.Seconds - cost.Epoch) };
        _left[run] = run.Setup.Options.Epochs - record.Epoch;
    }

    /// <summary>Learns that a run has ended, even if not with its last epoch.</summary>
    public void End(PlannedRun run) => _left.Remove(run);

    private double SecondsOf(PlannedRun run, int epochs)
    {
        ModelCost cost = _costs[run.Model.Folder];
        bool isBegun = epochs < run.Setup.Options.Epochs - run.EpochsDone;
        return (isBegun ? 0 : cost.Setup) + epochs * cost.Epoch;
    }
}
