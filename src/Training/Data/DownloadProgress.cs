namespace IlgpuDistance.Training.Data;

/// <summary>How far the download of one file is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Host">The mirror that is asked.</param>
/// <param name="ReceivedBytes">What has arrived; 0 while the mirror has not answered.</param>
/// <param name="TotalBytes">The file's length; null where it is not known.</param>
internal readonly record struct DownloadProgress(string File, string Host, long ReceivedBytes, long? TotalBytes);
