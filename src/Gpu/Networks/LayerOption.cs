namespace IlgpuDistance.Gpu.Networks;

/// <summary>What can be said of a layer besides its number of outputs, as <c>key: value</c>.</summary>
/// <param name="Key">E.g. <c>bias</c>.</param>
/// <param name="Values">In lower case; the first goes without saying.</param>
internal sealed record LayerOption(string Key, params string[] Values);
