namespace IlgpuDistance.Training.Data;

/// <summary>What a network sees of a pixel v in 0 to 255.</summary>
public enum InputScaling
{
    /// <summary>x = v.</summary>
    Raw,

    /// <summary>x = v / 255.</summary>
    Unit,

    /// <summary>x = (v − mean) / std, with mean and standard deviation over all pixels of the training set.</summary>
    Standardized,
}
