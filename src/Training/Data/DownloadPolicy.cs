namespace IlgpuDistance.Training.Data;

/// <summary>Whether a data set may be downloaded where it is not on the disk.</summary>
internal enum DownloadPolicy
{
    /// <summary>It is downloaded when it is needed.</summary>
    WhenNeeded,

    /// <summary>It is downloaded to be stored: where it cannot be stored, that is an error.</summary>
    ToCache,

    /// <summary>It is not downloaded now; messages say that training would.</summary>
    Later,

    /// <summary>The user forbids it.</summary>
    Offline,

    /// <summary>The work is none that downloads.</summary>
    Never,
}
