namespace IlgpuDistance.Training.Loop;

/// <summary>How far a training has come.</summary>
public enum TrainingOutcome
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>All epochs were trained.</summary>
    Completed,

    /// <summary>It was cancelled, and ended after a whole epoch.</summary>
    Interrupted,

    /// <summary>The loss or a parameter is no longer a finite number.</summary>
    Diverged,
}
