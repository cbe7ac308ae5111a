namespace IlgpuDistance.Training.Data;

/// <summary>Whether MNIST may be downloaded where it is not on the disk.</summary>
public enum DownloadPolicy
{
    /// <summary>It is downloaded when it is needed.</summary>
    WhenNeeded,

    /// <summary>It is not downloaded now; messages say that training would.</summary>
    Later,

    /// <summary>The user forbids it.</summary>
    Offline,
}
