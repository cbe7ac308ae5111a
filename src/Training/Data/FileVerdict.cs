namespace IlgpuDistance.Training.Data;

/// <summary>What comparing a file with the published contents says.</summary>
internal enum FileVerdict
{
    /// <summary>The contents are the published ones.</summary>
    Published,

    /// <summary>
    /// The contents differ, while other files of the data set are the published ones: it is damaged or foreign.
    /// </summary>
    Differs,

    /// <summary>No file of the data set is a published one: this is other data, about which nothing is known.</summary>
    Unknown,
}
