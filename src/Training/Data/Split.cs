namespace IlgpuDistance.Training.Data;

/// <summary>The parts of a data set.</summary>
internal enum Split
{
    /// <summary>The images to train on.</summary>
    Train,

    /// <summary>The images to test on.</summary>
    Test,
}
