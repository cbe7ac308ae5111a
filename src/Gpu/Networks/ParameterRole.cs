namespace IlgpuDistance.Gpu.Networks;

/// <summary>What a parameter tensor is to its layer.</summary>
public enum ParameterRole
{
    /// <summary>W of Linear or the slopes w of PointSlope.</summary>
    Weight,

    /// <summary>b of Linear.</summary>
    Bias,

    /// <summary>The prototypes μ of a distance.</summary>
    Mu,

    /// <summary>The weights α of a distance.</summary>
    Alpha,

    /// <summary>The offsets c of PointSlope.</summary>
    Offset,
}
