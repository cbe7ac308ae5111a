namespace IlgpuDistance.Training.Data;

/// <summary>Which data set is asked for.</summary>
public enum DatasetChoice
{
    /// <summary>MNIST where it can be had, else the built-in digits, with a warning.</summary>
    Auto,

    /// <summary>MNIST, or data in its form from a named folder; an error where it cannot be had.</summary>
    Mnist,

    /// <summary>The built-in digits.</summary>
    Digits,
}
